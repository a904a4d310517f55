import { expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyBackup, writeBackup } from '../backup-file/index.ts'
import { silentLogger } from '../kernel/log.ts'
import { until } from '../kernel/testing/until.ts'
import { startIntervalBackups } from './index.ts'

const HOUR_MS = 3_600_000

/** A folder with backups of a small archive; a test moves the clock. */
function start({ passphrase = false, fails = (): boolean => false } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-interval-'))
  const clock = { nowMs: Date.UTC(2026, 10, 28, 12) }
  const passphraseFile = join(folder, 'passphrase')
  if (passphrase) writeFileSync(passphraseFile, 'words\n')
  writeFileSync(join(folder, 'ownspace-mine.zip'), 'not ours')
  const timing = { everyMs: 5 }
  async function* archive() {
    async function* one() {
      if (fails()) throw new Error('a collection cannot be copied')
      yield* []
    }
    yield* writeBackup(one(), { server: '1', createdAt: new Date(clock.nowMs).toISOString() })
  }
  const running = startIntervalBackups({
    backups: { archive },
    folder,
    everyMs: timing.everyMs,
    keep: 2,
    passphraseFile: passphrase ? passphraseFile : null,
    log: silentLogger,
    now: () => clock.nowMs,
  })
  return {
    folder,
    clock,
    names: () =>
      readdirSync(folder)
        .filter((name) => /^ownspace-\d/.test(name))
        .toSorted(),
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}

test('a backup is made when the newest one is old enough, and the newest stay', async () => {
  await using backups = start()
  await until('the first', () => backups.names().length === 1)
  const [first] = backups.names()
  for (const hours of [1, 2]) {
    backups.clock.nowMs += HOUR_MS
    await until('another', () => backups.names().some((name) => name.includes(`T${12 + hours}-`)))
  }
  await until('the first is removed', () => !backups.names().includes(first!))
  expect(backups.names()).toEqual([
    'ownspace-2026-11-28T13-00-00.000Z.zip',
    'ownspace-2026-11-28T14-00-00.000Z.zip',
  ])
  expect(await verifyBackup(join(backups.folder, backups.names()[0]!), null)).toMatchObject({ entries: 0 })
  expect(readdirSync(backups.folder)).toContain('ownspace-mine.zip')
})

test('with a passphrase it is sealed', async () => {
  await using backups = start({ passphrase: true })
  await until('the first', () => backups.names().length === 1, { withinMs: 30_000 })
  expect(await verifyBackup(join(backups.folder, backups.names()[0]!), 'words')).toMatchObject({ entries: 0 })
})

test('one that fails leaves nothing, and earlier ones stay', async () => {
  const state = { fails: false, attempts: 0 }
  const fails = () => {
    state.attempts += 1
    return state.fails
  }
  await using backups = start({ fails })
  await until('the first', () => backups.names().length === 1)
  state.fails = true
  backups.clock.nowMs += HOUR_MS
  const before = state.attempts
  await until('it was tried again', () => state.attempts > before + 1)
  expect(backups.names().length).toBe(1)
})
