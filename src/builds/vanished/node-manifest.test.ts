import { describe, expect, test } from 'bun:test'
import { answerManifest, answerNpmLock } from './node-manifest.ts'

const TARBALLS = new Map([
  ['deta-space-client', '/s/deta-space-client.tgz'],
  ['deta-space-actions', '/s/deta-space-actions.tgz'],
])
const FILE = 'file:/s/deta-space-client.tgz'
const answer = (json: object, guardsOthers = false) => {
  const answered = answerManifest(JSON.stringify(json), TARBALLS, { guardsOthers })
  return answered && { ...answered, json: JSON.parse(answered.text) }
}

describe('a package.json', () => {
  test('gets a vanished package from our file, also for what depends on it', () => {
    const answered = answer({ dependencies: { 'deta-space-client': '^1.0.0', hono: '4' } })
    expect(answered?.json).toMatchObject({
      dependencies: { 'deta-space-client': FILE, hono: '4' },
      overrides: { 'deta-space-client': FILE },
      resolutions: { 'deta-space-client': FILE },
      pnpm: { overrides: { 'deta-space-client': FILE } },
    })
    expect(answered?.notices).toEqual([
      expect.stringContaining('deta-space-client has been removed from npm'),
    ])
  })

  test('gets the version that still exists', () => {
    expect(answer({ dependencies: { deta: '^2.0.0-rc.1' } })?.json.dependencies).toEqual({ deta: '^2.0.0' })
  })

  test('without a vanished package stays as it is', () => {
    expect(answer({ dependencies: { deta: '2.0.0' } })).toBeNull()
  })

  test('without a lockfile guards what other packages depend on', () => {
    const answered = answer({ overrides: { a: '1', 'deta-space-client': 'file:./mine' } }, true)
    expect(answered?.json.overrides).toEqual({
      'deta-space-actions': 'file:/s/deta-space-actions.tgz',
      'deta-space-client': 'file:./mine',
      a: '1',
    })
    expect(answered?.notices).toEqual([])
  })

  test('with a path of the app under this name keeps it', () => {
    expect(answer({ dependencies: { 'deta-space-client': 'file:./vendor' } })).toBeNull()
  })

  test('that is not JSON stays as it is', () => {
    expect(answerManifest('{', TARBALLS, { guardsOthers: true })).toBeNull()
  })
})

test('a package-lock.json keeps every entry except those of vanished packages', () => {
  const other = { version: '4.0.0', resolved: 'https://r/hono.tgz', integrity: 'sha512-x' }
  const lock = {
    lockfileVersion: 2,
    packages: {
      '': { dependencies: { 'deta-space-client': '^1.0.0' } },
      'node_modules/hono': other,
      'node_modules/deta-space-client': {
        version: '1.0.1',
        resolved: 'https://r/gone.tgz',
        integrity: 'sha512-y',
        dependencies: { yargs: '17' },
      },
      'node_modules/deta': { version: '2.0.0-rc.1', resolved: 'https://r/rc.tgz', integrity: 'sha512-z' },
    },
    dependencies: { 'deta-space-client': { version: '1.0.1', resolved: 'https://r/gone.tgz' } },
  }
  expect(JSON.parse(answerNpmLock(JSON.stringify(lock), TARBALLS)!.text)).toEqual({
    lockfileVersion: 2,
    packages: {
      '': { dependencies: { 'deta-space-client': FILE } },
      'node_modules/hono': other,
      'node_modules/deta-space-client': { version: '1.0.0', resolved: FILE },
      'node_modules/deta': { version: '2.0.0' },
    },
    dependencies: { 'deta-space-client': { version: FILE } },
  })
})
