import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { hasNoInstallScripts } from './lockfile-scripts.ts'

const PACKAGE = { version: '1.2.3', integrity: 'sha512-x' }
const lock = (packages: object) => JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...packages } })
const NO_SCRIPTS = new Set<string>()

test('the lockfile of the Express example only downloads', async () => {
  const path = join(import.meta.dir, '../../examples/express/src/express/package-lock.json')
  expect(hasNoInstallScripts(await Bun.file(path).text(), new Set(['start']))).toBe(true)
})

test('a registry tarball only downloads', () => {
  const resolved = 'https://registry.example.org/a/-/a-1.2.3.tgz'
  expect(hasNoInstallScripts(lock({ 'node_modules/a': { ...PACKAGE, resolved } }), NO_SCRIPTS)).toBe(true)
})

describe('an install that could run code of the app or its packages is recognised', () => {
  test.each<[string, string]>([
    ['an install script', lock({ 'node_modules/a': { ...PACKAGE, hasInstallScript: true } })],
    [
      'a git source',
      lock({ 'node_modules/a': { ...PACKAGE, resolved: 'git+ssh://git@example.org/a.git#1' } }),
    ],
    ['a git source as version', lock({ 'node_modules/a': { ...PACKAGE, version: 'github:a/b' } })],
    [
      'an archive of another kind',
      lock({ 'node_modules/a': { ...PACKAGE, resolved: 'https://example.org/a.git' } }),
    ],
    ['a local folder', lock({ a: { version: '1.0.0' } })],
    ['a link', lock({ 'node_modules/a': { resolved: 'a', link: true } })],
    ['a package without a checksum', lock({ 'node_modules/a': { version: '1.2.3' } })],
    ['a package that is null', lock({ 'node_modules/a': null })],
    ['a lockfile of version 1', JSON.stringify({ lockfileVersion: 1, dependencies: {} })],
    ['no JSON', '{'],
    ['null', 'null'],
  ])('%s', (_name, text) => {
    expect(hasNoInstallScripts(text, NO_SCRIPTS)).toBe(false)
  })

  test.each(['preinstall', 'install', 'postinstall', 'prepare'])('a %s script of the project', (script) => {
    expect(hasNoInstallScripts(lock({}), new Set([script]))).toBe(false)
  })
})
