import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeBackup } from '../backup-file/index.ts'
import { type CollectionsTables, listCollectionIds } from '../collections/index.ts'
import type { DataClient } from '../data/index.ts'
import { conflict } from '../kernel/http-error.ts'
import { isoTime } from '../kernel/iso-time.ts'
import type { Logger } from '../kernel/log.ts'
import type { Database } from '../storage/index.ts'
import { type CertificateFiles, snapshotEntries } from './snapshot.ts'

export interface BackupsDeps {
  readonly dataDir: string
  readonly db: Database<CollectionsTables>
  /** False: it is in PostgreSQL, which has tools for that. */
  readonly isDatabaseInFolder: boolean
  readonly certificates: readonly CertificateFiles[]
  readonly data: Pick<DataClient, 'copyTo'>
  readonly version: string
  readonly log: Logger
  readonly now: () => number
}

/** Makes backups, one at a time. */
export class Backups {
  readonly #deps: BackupsDeps
  #isRunning = false

  private constructor(deps: BackupsDeps) {
    this.#deps = deps
  }

  /** Removes what a backup left that the end of the server cut short. */
  static async open(deps: BackupsDeps): Promise<Backups> {
    await rm(draftsOf(deps), { recursive: true, force: true })
    return new Backups(deps)
  }

  /** Throws 409 while another one is made, and where the database cannot be copied. */
  requirePossible(): void {
    if (!this.#deps.isDatabaseInFolder)
      throw conflict(
        'The database of this server is PostgreSQL. Back it up with pg_dump, together with the data folder (docs/backups.md).',
      )
    if (this.#isRunning) throw conflict('A backup is being made already. Try again when it has ended.')
  }

  /** The bytes of an archive. One that cannot be completed has no end, and is refused when it is read. */
  async *archive(): AsyncGenerator<Uint8Array> {
    this.requirePossible()
    const { dataDir, db, certificates, data, version, log, now } = this.#deps
    const draft = join(draftsOf(this.#deps), randomUUID())
    this.#isRunning = true
    try {
      await mkdir(draft, { recursive: true, mode: 0o700 })
      const listCollections = () => listCollectionIds(db)
      const entries = snapshotEntries({ dataDir, draft, certificates, listCollections, data })
      yield* writeBackup(entries, { server: version, createdAt: isoTime(now()) })
    } catch (error) {
      log.error('a backup failed', {}, error)
      throw error
    } finally {
      await rm(draft, { recursive: true, force: true })
      this.#isRunning = false
    }
  }
}

const draftsOf = ({ dataDir }: Pick<BackupsDeps, 'dataDir'>): string => join(dataDir, 'backup-draft')
