import { expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { codeOfItsTime } from './code-of-its-time.ts'

async function boundsOf(files: Readonly<Record<string, string>>): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-code-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(dir, dirname(path)), { recursive: true })
      writeFileSync(join(dir, path), text)
    }
    return (await codeOfItsTime(dir)).map(({ notice }) => notice)
  } finally {
    rmSync(dir, { recursive: true })
  }
}

test.each([
  ['from pydantic import BaseModel, BaseSettings', 'pydantic<2'],
  ['return t.TemplateResponse("index.html", {"request": request})', 'starlette<1'],
  ["return t.TemplateResponse(\n    'index.html', {'request': request})", 'starlette<1'],
  ['from telegram.ext import Dispatcher, CommandHandler', 'python-telegram-bot<20'],
  ['from flask import Flask, Markup', 'flask<2.3'],
  ['r = openai.ChatCompletion.create(model="x")', 'openai<1'],
  ['image.thumbnail((9, 9), Image.ANTIALIAS)', 'pillow<10'],
])('%s needs %s', async (code, needs) => {
  expect(await boundsOf({ 'app/main.py': `x = 1\n${code}\n` })).toEqual([
    expect.stringMatching(new RegExp(`^app/main.py uses .*: installing ${needs}$`)),
  ])
})

test.each([
  'from pydantic import BaseModel\nfrom pydantic_settings import BaseSettings',
  'return t.TemplateResponse(request, "index.html")',
  'return t.TemplateResponse(request=request, name="index.html")',
  'from openai import OpenAI\nclient.chat.completions.create()',
  'from markupsafe import Markup, escape',
])('%s needs nothing', async (code) => {
  expect(await boundsOf({ 'main.py': code })).toEqual([])
})

test('the code of packages in the upload is not read', async () => {
  expect(await boundsOf({ 'venv/site-packages/x/a.py': 'from pydantic import BaseSettings' })).toEqual([])
})
