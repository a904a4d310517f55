import { afterEach, beforeEach, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRequirements } from './find-requirements.ts'

let dir: string
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'ownspace-uv-'))))
afterEach(() => rmSync(dir, { recursive: true }))

const project = (sources: string) =>
  writeFileSync(
    join(dir, 'pyproject.toml'),
    `[project]\nname = "app"\ndependencies = ["fastapi", "My_Lib>=1"]\n[tool.uv.sources]\n${sources}\n`,
  )

const requirements = async () => (await findRequirements(dir))[0]!.requirements

test.each([
  ['my-lib = { path = "libs/my-lib" }', './libs/my-lib'],
  ['my-lib = { path = "libs/my-lib", editable = true }', './libs/my-lib'],
  [
    'my-lib = { git = "https://example.org/lib.git", tag = "v1" }',
    'my-lib @ git+https://example.org/lib.git@v1',
  ],
  ['my-lib = { url = "https://example.org/lib.whl" }', 'my-lib @ https://example.org/lib.whl'],
  ['my-lib = { index = "private" }', 'My_Lib>=1'],
  ['other = { path = "x" }', 'My_Lib>=1'],
])('%s is %s', async (source, line) => {
  project(source)
  expect(await requirements()).toEqual(['fastapi', line])
})

test('a member of the workspace is installed from its folder', async () => {
  project('my-lib = { workspace = true }')
  mkdirSync(join(dir, 'packages/lib'), { recursive: true })
  writeFileSync(join(dir, 'packages/lib/pyproject.toml'), '[project]\nname = "my.lib"\nversion = "1"\n')
  expect(await requirements()).toEqual(['fastapi', './packages/lib'])
})

test('a member that is not in the upload is not asked of the index', async () => {
  project('my-lib = { workspace = true }')
  await expect(requirements()).rejects.toThrow('`my-lib` is a member of the workspace')
})
