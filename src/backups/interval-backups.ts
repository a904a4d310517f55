import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { seal, verifyBackup } from '../backup-file/index.ts'
import { syncFile } from '../kernel/durable.ts'
import { isoTime } from '../kernel/iso-time.ts'
import type { Logger } from '../kernel/log.ts'
import { startPeriodic } from '../kernel/periodic.ts'
import type { Backups } from './backups.ts'

export interface IntervalBackups {
  readonly backups: Pick<Backups, 'archive'>
  readonly folder: string
  readonly everyMs: number
  /** The newest ones. */
  readonly keep: number
  readonly passphraseFile: string | null
  readonly log: Logger
  readonly now: () => number
}

/** Names of ours; no other file of the folder is touched. */
const NAME = /^ownspace-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z\.(zip|sealed)$/
const DRAFT = 'ownspace-backup.part'

/** How often the folder is looked at: the newest backup decides, so a restart does not make one more. */
const LOOK_EVERY_MS = 60_000

/** Writes a backup to the folder whenever the newest one there is older than the interval. */
export function startIntervalBackups(options: IntervalBackups): AsyncDisposable {
  const { everyMs, log } = options
  return startPeriodic({
    pauseMs: Math.min(everyMs, LOOK_EVERY_MS),
    run: () => backUpIfDue(options),
    onError: (error) => log.error('the backup of the interval failed; earlier ones stay', {}, error),
  })
}

async function backUpIfDue(options: IntervalBackups): Promise<void> {
  const { folder, everyMs, now } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const newest = (await backupsIn(folder)).at(-1)
  if (newest !== undefined && now() - timeOf(newest) < everyMs) return
  await backUp(options)
  await removeOld(options)
}

async function backUp({ backups, folder, passphraseFile, now }: IntervalBackups): Promise<void> {
  const passphrase = passphraseFile === null ? null : await readPassphrase(passphraseFile)
  const name = `ownspace-${isoTime(now()).replaceAll(':', '-')}.${passphrase === null ? 'zip' : 'sealed'}`
  const draft = join(folder, DRAFT)
  await rm(draft, { force: true })
  try {
    {
      await using file = await open(draft, 'wx', 0o600)
      const archive = backups.archive()
      for await (const piece of passphrase === null ? archive : seal(archive, passphrase))
        await file.writeFile(piece)
      await file.sync()
    }
    await verifyBackup(draft, passphrase)
    await rename(draft, join(folder, name))
    await syncFile(folder)
  } finally {
    await rm(draft, { force: true })
  }
}

async function removeOld({ folder, keep }: IntervalBackups): Promise<void> {
  const names = await backupsIn(folder)
  for (const name of names.slice(0, Math.max(0, names.length - keep))) await rm(join(folder, name))
}

/** The oldest one first. */
const backupsIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => NAME.test(name)).toSorted()

/** `ownspace-2026-11-28T12-00-00.000Z.zip` */
const timeOf = (name: string): number =>
  Date.parse(
    name.slice('ownspace-'.length, -name.split('.').at(-1)!.length - 1).replace(/T(\d\d)-(\d\d)-/, 'T$1:$2:'),
  )

/** The file without its final line end. Throws for an empty one. */
export async function readPassphrase(path: string): Promise<string> {
  const text = (await readFile(path, 'utf8')).replace(/\r?\n$/, '')
  if (text === '') throw new Error(`the passphrase file ${path} is empty`)
  return text
}
