import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { openBuildHarness, spacefileOf } from '../testing/build-harness.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(60_000)

const STATIC = spacefileOf('engine: static\nserve: .')
const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8)

describe('a static micro', () => {
  test('becomes a folder of files', async () => {
    using harness = openBuildHarness()
    const files = { 'index.html': '<p>', 'a/b.css': 'p{}', Spacefile: 'v: 0', '.spaceignore': '' }
    expect(await harness.build(STATIC, files)).toEqual({
      kind: 'built',
      micros: [{ name: 'app', kind: 'static', root: 'app', spaFallback: false }],
    })
    expect(readdirSync(join(harness.outDir, 'app')).sort()).toEqual(['a', 'index.html'])
    expect(harness.commands).toEqual([])
  })

  test('serves the result of its commands, without their dependencies', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf(
      'engine: static\nserve: .\ncommands: ["mkdir -p node_modules/x", "echo made > page.html"]',
    )
    await harness.build(text, { 'index.html': '' })
    expect(readdirSync(join(harness.outDir, 'app')).sort()).toEqual(['index.html', 'page.html'])
  })

  test('never serves a file from outside through a link', async () => {
    using harness = openBuildHarness()
    const links = [
      'ln -s /etc/hostname a.txt',
      'ln -s ../../../upload.zip b.zip',
      'ln -s / root',
      'ln -s nowhere c',
    ]
    const inside = ['ln -s index.html d.html', 'ln -s sub e']
    const text = spacefileOf(`engine: static\nserve: .\ncommands: ${JSON.stringify([...links, ...inside])}`)
    await harness.build(text, { 'index.html': 'page', 'sub/x': 'y' })
    expect(readdirSync(join(harness.outDir, 'app')).sort()).toEqual(['d.html', 'index.html', 'sub'])
    expect(lstatSync(join(harness.outDir, 'app/d.html')).isFile()).toBe(true)
    expect(harness.lines).toContain('[app] Left out "a.txt": it is not a file of this micro')
  })

  test.each([
    ['is not there', 'serve: dist', ''],
    ['is a link out of the micro', 'serve: out', 'commands: ["ln -s / out"]'],
    ['lies behind a link out of the micro', 'serve: out/etc', 'commands: ["ln -s / out"]'],
    ['is a file', 'serve: index.html', ''],
  ])('whose folder %s is refused', async (_name, serve, commands) => {
    using harness = openBuildHarness()
    expect(
      await harness.build(spacefileOf(`engine: static\n${serve}\n${commands}`), { 'index.html': '' }),
    ).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('which does not exist after the build'),
    })
    expect(harness.revisions()).toEqual([])
  })

  test('has pages that ask for their manifest with credentials, compressed ones too', async () => {
    using harness = openBuildHarness()
    const page = `<head><link rel="manifest" href="/m.json"></head>${'<p>hello</p>'.repeat(500)}`
    const text = spacefileOf('engine: static\nserve: .\ncommands: ["chmod 444 a/index.html"]')
    await harness.build(text, { 'a/index.html': page, 'b.html': '<p>', 'c.txt': page })
    const linked = page.replace('<link', '<link crossorigin="use-credentials"')
    const read = (path: string) => readFileSync(join(harness.outDir, path))
    expect(read('app/a/index.html').toString()).toBe(linked)
    expect(gunzipSync(read('app.gz/a/index.html')).toString()).toBe(linked)
    expect(modeOf(join(harness.outDir, 'app/a/index.html'))).toBe('644')
    expect(read('app/b.html').toString()).toBe('<p>')
    expect(read('app/c.txt').toString()).toBe(page)
  })

  test('has compressed copies beside its root, where no request path can name them', async () => {
    using harness = openBuildHarness()
    const page = '<p>hello</p>'.repeat(500)
    await harness.build(STATIC, { 'a/index.html': page, 'small.js': 'x', 'photo.png': page })
    expect(brotliDecompressSync(readFileSync(join(harness.outDir, 'app.br/a/index.html'))).toString()).toBe(
      page,
    )
    expect(gunzipSync(readFileSync(join(harness.outDir, 'app.gz/a/index.html'))).toString()).toBe(page)
    expect(readdirSync(join(harness.outDir, 'app.br'), { recursive: true }).map(String).sort()).toEqual([
      'a',
      'a/index.html',
    ])
    expect(readdirSync(join(harness.outDir, 'app'), { recursive: true })).not.toContain('a/index.html.br')
    expect(modeOf(join(harness.outDir, 'app.br/a/index.html'))).toBe('644')
  })

  test('shares compressed copies of the same content with an earlier revision', async () => {
    using harness = openBuildHarness()
    const page = '<p>hello</p>'.repeat(500)
    const other = '<p>other</p>'.repeat(500)
    const manifest = `<link rel="manifest" href="/m.json">${page}`
    await harness.build(STATIC, { 'same.html': page, 'linked.html': manifest, 'changed.html': page })
    const outDir = join(harness.dir, 'revisions', 'b2')
    const files = { 'same.html': page, 'linked.html': manifest, 'changed.html': other, 'new.html': page }
    await harness.build(STATIC, files, { outDir, earlier: [join(harness.dir, 'gone'), harness.outDir] })
    const inodeOf = (dir: string, path: string) => lstatSync(join(dir, path)).ino
    for (const [path, isShared] of [
      ['same.html', true],
      ['linked.html', true],
      ['changed.html', false],
    ] as const)
      for (const copy of [`app.br/${path}`, `app.gz/${path}`])
        expect(inodeOf(outDir, copy) === inodeOf(harness.outDir, copy)).toBe(isShared)
    for (const [path, text] of [
      ['changed.html', other],
      ['new.html', page],
    ] as const) {
      expect(brotliDecompressSync(readFileSync(join(outDir, 'app.br', path))).toString()).toBe(text)
      expect(gunzipSync(readFileSync(join(outDir, 'app.gz', path))).toString()).toBe(text)
    }
  })

  test('takes nothing from an earlier micro of the name that was not static', async () => {
    using harness = openBuildHarness()
    const page = '<p>hello</p>'.repeat(500)
    const commands = 'commands: ["mkdir app.br", "ln -s /etc/hostname app.br/a.html"]'
    await harness.build(spacefileOf(`engine: custom\nrun: ./x\n${commands}`), { 'a.html': page, x: '' })
    const outDir = join(harness.dir, 'revisions', 'b2')
    await harness.build(STATIC, { 'a.html': page }, { outDir, earlier: [harness.outDir] })
    expect(brotliDecompressSync(readFileSync(join(outDir, 'app.br/a.html'))).toString()).toBe(page)
  })
})
