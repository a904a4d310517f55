import { describe, expect, test } from 'bun:test'
import { dropEntries } from './drop-entries.ts'
import { lockedVersions } from './lock-date.ts'
import { lostPackages } from './lost-packages.ts'
import { relaxManifest } from './relax-manifest.ts'

const LOST = [
  { name: 'a', version: '1.0.9' },
  { name: '@s/b', version: null },
]

describe('what is lost is found in the output of', () => {
  test.each([
    ['npm', 'npm error code E404\nnpm error 404 Not Found - GET https://r/a/-/a-1.0.9.tgz', 'a', '1.0.9'],
    [
      'npm',
      'npm error code ETARGET\nnpm error notarget No matching version found for @s/b@2.0.0-rc.1.',
      '@s/b',
      '2.0.0-rc.1.',
    ],
    ['npm', 'npm error code EINTEGRITY\nfailed https://r/@s/b/-/b-2.0.0.tgz', '@s/b', '2.0.0'],
    ['pnpm', ' ERR_PNPM_FETCH_404  GET https://r/a/-/a-1.0.9.tgz: Not Found - 404', 'a', '1.0.9'],
    ['pnpm', ' ERR_PNPM_NO_MATCHING_VERSION  No matching version found for a@1.0.9', 'a', '1.0.9'],
    ['yarn', 'error Couldn\'t find any versions for "a" that matches "1.0.9"', 'a', '1.0.9'],
    ['yarn', 'error https://r/a/-/a-1.0.9.tgz: Request failed "404 Not Found"', 'a', '1.0.9'],
    ['bun', 'error: GET https://r/a/-/a-1.0.9.tgz - 404', 'a', '1.0.9'],
  ])('%s: %s', (_manager, tail, name, version) => {
    expect(lostPackages(tail)).toEqual([{ name, version: version.replace(/\.$/, '') }])
  })

  test('nothing where nothing is lost', () => {
    expect(lostPackages('npm error code ERESOLVE https://r/a/-/a-1.0.9.tgz')).toEqual([])
  })
})

describe('only the entries of lost packages leave', () => {
  test('package-lock.json, with what lies below them', () => {
    const lock = {
      lockfileVersion: 2,
      packages: {
        '': { dependencies: { a: '1' } },
        'node_modules/a': { version: '1.0.9' },
        'node_modules/a/node_modules/c': { version: '1.0.0' },
        'node_modules/x/node_modules/a': { version: '1.0.1' },
        'node_modules/@s/b': { version: '2.0.0' },
        'node_modules/ab': { version: '1.0.9' },
      },
      dependencies: { a: { version: '1.0.9' }, x: { dependencies: { '@s/b': { version: '2' } } } },
    }
    expect(JSON.parse(dropEntries('package-lock.json', JSON.stringify(lock), LOST)!)).toEqual({
      lockfileVersion: 2,
      packages: {
        '': { dependencies: { a: '1' } },
        'node_modules/x/node_modules/a': { version: '1.0.1' },
        'node_modules/ab': { version: '1.0.9' },
      },
      dependencies: { x: { dependencies: {} } },
    })
  })

  test('pnpm-lock.yaml of each format', () => {
    const text = `packages:

  /a@1.0.9:
    resolution: {integrity: x}

  /a/1.0.9:
    resolution: {integrity: x}

  '@s/b@2.0.0':
    resolution: {integrity: x}

  ab@1.0.9:
    resolution: {integrity: y}
`
    expect(dropEntries('pnpm-lock.yaml', text, LOST)).toBe(`packages:

  ab@1.0.9:
    resolution: {integrity: y}
`)
  })

  test('yarn.lock', () => {
    const text = `# yarn lockfile v1

"@s/b@^2.0.0":
  version "2.0.0"

a@^1.0.0, a@~1.0.1:
  version "1.0.9"

ab@^1.0.0:
  version "1.0.9"
`
    expect(dropEntries('yarn.lock', text, LOST)).toBe('# yarn lockfile v1\n\nab@^1.0.0:\n  version "1.0.9"\n')
  })

  test('bun.lock', () => {
    const text =
      '{ "packages": {\n    "a": ["a@1.0.9", "", {}, "x"],\n    "ab": ["ab@1.0.9", "", {}, "y"],\n} }'
    expect(dropEntries('bun.lock', text, LOST)).toBe(
      '{ "packages": {\n    "ab": ["ab@1.0.9", "", {}, "y"],\n} }',
    )
  })

  test('nothing where there is none', () => {
    expect(dropEntries('yarn.lock', 'ab@^1.0.0:\n  version "1.0.9"\n', LOST)).toBeNull()
    expect(dropEntries('bun.lockb', '', LOST)).toBeNull()
  })
})

test('an exact version in package.json becomes a range; a range stays', () => {
  const text = '{"dependencies":{"a":"1.0.9","@s/b":"^2.0.0"}}'
  expect(relaxManifest(text, LOST)).toEqual({
    text: '{\n  "dependencies": {\n    "a": "^1.0.9",\n    "@s/b": "^2.0.0"\n  }\n}\n',
    changes: ['a 1.0.9 → ^1.0.9'],
  })
  expect(relaxManifest('{"dependencies":{"@s/b":"^2.0.0"}}', LOST)).toBeNull()
})

test.each([
  ['{"node_modules/a": {"version": "1.0.9"}}'],
  ['{"a": { "version": "1.0.9" }}'],
  ['# yarn lockfile v1\n\na@^1.0.0:\n  version "1.0.9"\n'],
  ['packages:\n\n  /a@1.0.9:\n'],
  ['packages:\n\n  /a/1.0.9:\n'],
  ['"a": ["a@1.0.9", "", {}]'],
])('the version of a dependency is read from %p', (lock) => {
  expect(lockedVersions(lock, ['a', "x'; rm -rf ."])).toEqual([{ name: 'a', version: '1.0.9' }])
})
