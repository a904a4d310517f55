import { afterEach, beforeEach, expect, test } from 'bun:test'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addPrograms } from './add-programs.ts'

let root: string
let dir: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ownspace-programs-'))
  dir = join(root, 'app')
  mkdirSync(join(dir, '.python_packages/uvicorn-0.2.dist-info'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true }))

const entryPoints = (text: string) =>
  writeFileSync(join(dir, '.python_packages/uvicorn-0.2.dist-info/entry_points.txt'), text)
const program = (name: string) => join(dir, '.python_packages/bin', name)

test('the programs that pip left out are written, and no others', async () => {
  entryPoints('[x.y]\na = b:c\n\n[console_scripts]\nuvicorn = uvicorn.main:main\n\n[other]\nd = e:f\n')
  await addPrograms(dir)
  expect(readFileSync(program('uvicorn'), 'utf8')).toContain('from uvicorn.main import main\n')
  expect(statSync(program('uvicorn')).mode & 0o111).toBe(0o111)
  expect([existsSync(program('a')), existsSync(program('d'))]).toEqual([false, false])
})

test('a program that is there stays', async () => {
  mkdirSync(join(dir, '.python_packages/bin'))
  writeFileSync(program('uvicorn'), 'own')
  entryPoints('[console_scripts]\nuvicorn = uvicorn.main:main\n')
  await addPrograms(dir)
  expect(readFileSync(program('uvicorn'), 'utf8')).toBe('own')
})

test('nothing is written through a link, or under a name that leads out', async () => {
  mkdirSync(join(root, 'outside'))
  symlinkSync(join(root, 'outside'), join(dir, '.python_packages/bin'))
  entryPoints('[console_scripts]\nuvicorn = uvicorn.main:main\n../../escape = a:b\nx = a;import os:b\n')
  await addPrograms(dir)
  expect(existsSync(join(root, 'outside/uvicorn'))).toBe(false)
  expect([
    existsSync(join(root, 'escape')),
    existsSync(join(dir, 'escape')),
    existsSync(program('x')),
  ]).toEqual([false, false, false])
})
