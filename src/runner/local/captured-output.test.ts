import { describe, expect, test } from 'bun:test'
import { until } from '../../kernel/testing/until.ts'
import { canMount, openSmallDisk } from '../../disk/testing/small-disk.ts'
import {
  isAnswered,
  requireFailed,
  requireReady,
  sandboxes,
  setUp,
  specOf,
} from '../testing/runner-harness.ts'
import { openSandboxHarness } from '../testing/sandbox-harness.ts'

describe.each(sandboxes)('the output of a micro %s', (_, sandbox) => {
  test('is captured line by line, newest first, by micro', async () => {
    using harness = openSandboxHarness()
    let nowMs = 0
    await using runner = setUp(harness, sandbox, { now: () => ++nowMs })
    await requireReady(await runner.ensureRunning(specOf(harness, 'echo')))
    const hasBothLines = async () => (await runner.readLog('inst_1', { limit: 10 })).length >= 2
    await until('both lines are captured', hasBothLines)
    await runner.stopAll()
    const entries = await runner.readLog('inst_1', { micro: 'echo', limit: 10 })
    expect(entries[0]).toMatchObject({ stream: 'runtime', text: 'was terminated by SIGTERM' })
    expect(
      entries
        .slice(1)
        .map(({ stream, text }) => `${stream} ${text}`)
        .toSorted(),
    ).toEqual(['stderr a warning', 'stdout listening'])
    expect(entries.map((at) => at.timestampMs)).toEqual(
      entries.map((at) => at.timestampMs).toSorted((a, b) => b - a),
    )
    expect(await runner.readLog('inst_1', { micro: 'other', limit: 10 })).toEqual([])
    runner.deleteLogs('inst_1')
    expect(await runner.readLog('inst_1', { limit: 10 })).toEqual([])
  })
})

describe.skipIf(!canMount()).each(sandboxes)('a micro %s on a full disk', (_, sandbox) => {
  test('keeps running while it prints', async () => {
    using disk = openSmallDisk(1)!
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox, { logsDir: disk.dir })
    disk.fill()
    const address = await requireReady(await runner.ensureRunning(specOf(harness, 'echo')))
    expect(await isAnswered(address)).toBe(true)
    disk.clear()
    await runner.stopAll()
    const [last] = await runner.readLog('inst_1', { limit: 1 })
    expect(last).toMatchObject({ stream: 'runtime', text: 'was terminated by SIGTERM' })
  })

  test('writes no log when the disk is nearly full, but reports the last lines to its owner', async () => {
    using harness = openSandboxHarness()
    await using runner = setUp(harness, sandbox, { hasRoomForLogs: () => false })
    const spec = specOf(harness, 'echo', { command: 'echo last words; exit 1' })
    expect((await requireFailed(runner.ensureRunning(spec))).logTail).toContain('last words')
    expect(await runner.readLog('inst_1', { limit: 1 })).toEqual([])
  })
})
