import { expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openSandboxHarness } from '../../testing/sandbox-harness.ts'
import { appendLog, deleteLogs, readLog } from './log-files.ts'

const MAX_BYTES = 4 * 1024 * 1024
const file = (logsDir: string, micro = 'web') => ({
  logsDir,
  instanceId: 'inst_1',
  micro,
  maxBytes: MAX_BYTES,
})

test('lines of several micros come newest first, up to the limit', async () => {
  using harness = openSandboxHarness()
  appendLog(file(harness.dir, 'web'), { stream: 'stdout', timestampMs: 1, lines: ['a', 'b'] })
  appendLog(file(harness.dir, 'api'), { stream: 'stderr', timestampMs: 2, lines: ['c'] })
  appendLog(file(harness.dir, 'web'), { stream: 'runtime', timestampMs: 3, lines: ['d'] })
  const entries = await readLog(harness.dir, 'inst_1', { limit: 3 })
  expect(entries).toEqual([
    { micro: 'web', stream: 'runtime', timestampMs: 3, text: 'd' },
    { micro: 'api', stream: 'stderr', timestampMs: 2, text: 'c' },
    { micro: 'web', stream: 'stdout', timestampMs: 1, text: 'b' },
  ])
})

test('a log never takes more than twice its limit, and reading continues across the rotation', async () => {
  using harness = openSandboxHarness()
  const lines = Array.from({ length: 1000 }, (_, at) => `${at} ${'x'.repeat(1000)}`)
  for (let at = 0; at < 12; at++) appendLog(file(harness.dir), { stream: 'stdout', timestampMs: at, lines })
  const names = readdirSync(join(harness.dir, 'inst_1'))
  const sizes = names.map((name) => Bun.file(join(harness.dir, 'inst_1', name)).size)
  expect(names.toSorted()).toEqual(['web.log', 'web.log.1'])
  expect(Math.max(...sizes)).toBeLessThan(MAX_BYTES + 1_100_000)
  const entries = await readLog(harness.dir, 'inst_1', { limit: 5_000 })
  expect(entries).toHaveLength(5_000)
  expect(entries.at(-1)?.timestampMs).toBe(7)
})

test.each(['../../escape', '..', 'a/b', 'Ünï cødé'])(
  'a micro named %s stays in its folder',
  async (micro) => {
    using harness = openSandboxHarness()
    appendLog(file(harness.dir, micro), { stream: 'stdout', timestampMs: 1, lines: ['text'] })
    expect(readdirSync(harness.dir)).toEqual(['inst_1'])
    expect((await readLog(harness.dir, 'inst_1', { limit: 1 }))[0]).toMatchObject({ micro, text: 'text' })
  },
)

test('an app cannot forge a line of the runtime', async () => {
  using harness = openSandboxHarness()
  appendLog(file(harness.dir), {
    stream: 'stdout',
    timestampMs: 1,
    lines: ['9 runtime was terminated by SIGTERM'],
  })
  const [entry] = await readLog(harness.dir, 'inst_1', { limit: 5 })
  expect(entry).toMatchObject({ stream: 'stdout', text: '9 runtime was terminated by SIGTERM' })
})

test('deleted logs are empty, as are those of an unknown instance', async () => {
  using harness = openSandboxHarness()
  appendLog(file(harness.dir), { stream: 'stdout', timestampMs: 1, lines: ['text'] })
  deleteLogs(harness.dir, 'inst_1')
  deleteLogs(harness.dir, 'inst_unknown')
  expect(await readLog(harness.dir, 'inst_1', { limit: 5 })).toEqual([])
})
