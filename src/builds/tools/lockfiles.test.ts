/** Lockfiles of each generation are installed by the package manager that wrote them. The registry is the real one. */
import { expect, setDefaultTimeout, test } from 'bun:test'
import { openBuildHarness, spacefileOf } from '../testing/build-harness.ts'
import { REGISTRY_MS } from '../testing/test-tools.ts'
import { BERRY_LOCK, PNPM_LOCKS, YARN_1_LOCK } from './testing/locks.ts'

setDefaultTimeout(REGISTRY_MS)

const PACKAGE = JSON.stringify({ name: 'a', private: true, dependencies: { ms: '2.1.3' } })
const SERVER = { 'index.js': "console.log(require('ms')('1s'))", 'package.json': PACKAGE }

const ROWS: [string, Record<string, string>, string][] = [
  ['pnpm 5.4', { 'pnpm-lock.yaml': PNPM_LOCKS['5.4'] }, 'pnpm 7.33.7'],
  ['pnpm 6.0', { 'pnpm-lock.yaml': PNPM_LOCKS['6.0'] }, 'pnpm 8.15.9'],
  ['pnpm 9.0', { 'pnpm-lock.yaml': PNPM_LOCKS['9.0'] }, 'pnpm 9.15.9'],
  ['yarn 1', { 'yarn.lock': YARN_1_LOCK }, 'Yarn 1.22.22'],
  ['yarn berry 6', { 'yarn.lock': BERRY_LOCK[6] }, 'Yarn 3.8.7'],
  ['yarn berry 8', { 'yarn.lock': BERRY_LOCK[8] }, 'Yarn 4.13.0'],
]

test.each(ROWS)('a lockfile of %s', async (_, files, title) => {
  using harness = openBuildHarness()
  const result = await harness.build(spacefileOf('engine: nodejs16\nrun: node index.js'), {
    ...SERVER,
    ...files,
  })
  expect([result.kind, harness.lines.join('\n')]).toEqual([
    'built',
    expect.stringContaining(`Using ${title}`),
  ])
  expect(harness.lines.join('\n')).not.toContain('Retrying without it')
  expect(JSON.parse(harness.read('app/node_modules/ms/package.json'))).toMatchObject({ version: '2.1.3' })
})

test('no tool is fetched twice, nor is the registry asked for one', async () => {
  using harness = openBuildHarness()
  const build = { ...SERVER, 'pnpm-lock.yaml': PNPM_LOCKS['9.0'] }
  const result = await harness.build(spacefileOf('engine: nodejs16\nrun: node index.js'), build)
  expect(result.kind).toBe('built')
  expect(harness.commands.map(({ script }) => script)).toEqual(['pnpm install --frozen-lockfile'])
})
