import { describe, expect, test } from 'bun:test'
import { choosePackageManager } from '../package-manager.ts'
import { managerVersion, readManagerField } from './manager-version.ts'

const NOTHING = { packageJson: {}, lock: null, yarnrc: null, pnpmWorkspace: null }
const berry = (version: number, key: string) =>
  `# yarn\n\n__metadata:\n  version: ${version}\n  cacheKey: ${key}\n`

describe('the version that reads a lockfile', () => {
  test.each([
    ['lockfileVersion: 5.3', '7.33.7'],
    ['lockfileVersion: 5.4\n', '7.33.7'],
    ["lockfileVersion: '6.0'\n\nsettings:\n", '8.15.9'],
    ["lockfileVersion: '9.0'", '9.15.9'],
    ['', '9.15.9'],
  ])('pnpm: %s', (lock, version) => {
    expect(managerVersion('pnpm', { ...NOTHING, lock })?.version).toBe(version)
  })

  test('projects with settings of pnpm 10 get pnpm 10', () => {
    const lock = "lockfileVersion: '9.0'"
    const versionWith = (files: object) => managerVersion('pnpm', { ...NOTHING, lock, ...files })?.version
    expect(versionWith({ pnpmWorkspace: 'onlyBuiltDependencies:\n  - esbuild\n' })).toBe('10.34.8')
    expect(versionWith({ packageJson: { pnpm: { onlyBuiltDependencies: [] } } })).toBe('10.34.8')
    expect(versionWith({ pnpmWorkspace: 'packages:\n  - web\n' })).toBe('9.15.9')
  })

  test.each([
    ['# yarn lockfile v1\n\nms@2:\n', '1.22.22'],
    [berry(4, '7'), '2.4.2'],
    [berry(4, '8'), '3.0.2'],
    [berry(5, '8'), '3.1.1'],
    [berry(6, '8'), '3.8.7'],
    [berry(8, '10c0'), '4.13.0'],
    [berry(9, '10c0'), '4.14.0'],
    [berry(10, '10c0'), '4.18.1'],
  ])('yarn: %j', (lock, version) => {
    expect(managerVersion('yarn', { ...NOTHING, lock })?.version).toBe(version)
  })

  test('an empty yarn.lock beside a .yarnrc.yml is of a current Yarn', () => {
    expect(managerVersion('yarn', { ...NOTHING, lock: '', yarnrc: 'nodeLinker: pnpm' })?.version).toBe(
      '4.18.1',
    )
    expect(managerVersion('yarn', { ...NOTHING, lock: '' })?.version).toBe('1.22.22')
  })

  test.each(['npm', 'bun'] as const)('%s: the machine has it, unless the project names a version', (name) => {
    expect(managerVersion(name, NOTHING)).toBeNull()
    const packageJson = { packageManager: `${name}@1.2.3` }
    expect(managerVersion(name, { ...NOTHING, packageJson })).toMatchObject({
      version: '1.2.3',
      digest: null,
    })
  })
})

describe('packageManager', () => {
  test('names a version and a hash', () => {
    expect(readManagerField({ packageManager: 'pnpm@8.15.9+sha512.00ff' })).toEqual({
      name: 'pnpm',
      version: '8.15.9',
      digest: { algorithm: 'sha512', hex: '00ff' },
    })
  })

  test.each([
    'pnpm@latest',
    'pnpm@8',
    'pnpm@^8.0.0',
    "pnpm@8.15.9';id;'",
    'pnpm@8.15.9 --registry=http://x',
    'pnpm@../../8.15.9',
    'pnpm@8.15.9-../../x',
    'pnpm@http://example.org/pnpm.tgz',
    'pnpm@8.15.9+sha512.zz',
    `pnpm@8.15.9-${'a'.repeat(400)}`,
    'pnpm@8.15.9\n',
    42,
    null,
  ])('%p is not an exact version', (packageManager) => {
    expect(readManagerField({ packageManager })).toBeNull()
  })

  test('decides between several lockfiles, but not against the only one', () => {
    const two = new Set(['package-lock.json', 'yarn.lock'])
    expect(choosePackageManager(two).manager.name).toBe('npm')
    expect(choosePackageManager(two, 'yarn').manager.name).toBe('yarn')
    expect(choosePackageManager(two, 'pnpm').manager.name).toBe('npm')
    expect(choosePackageManager(new Set(), 'pnpm')).toMatchObject({
      manager: { name: 'pnpm' },
      lockfile: null,
    })
  })
})
