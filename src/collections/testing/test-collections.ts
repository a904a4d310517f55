import { randomBytes } from 'node:crypto'
import { type ServerTables, serverMigrations } from '../../api/schema.ts'
import type { DirectoryChange } from '../../directory/index.ts'
import { recordingSync } from '../../directory-sync/testing/in-commit.ts'
import type { DirectorySync } from '../../directory-sync/index.ts'
import { type CollectionId, type UserId, newId } from '../../kernel/ids.ts'
import { silentLogger } from '../../kernel/log.ts'
import { type App, createApp } from '../../projects/index.ts'
import type { Database, Sealer } from '../../storage/index.ts'
import { createSealer } from '../../storage/sealer.ts'
import { openTestDatabase } from '../../storage/testing/test-database.ts'
import type { CollectionFiles } from '../collection-files.ts'
import { CollectionService } from '../collection-service.ts'

/** Files of collections as sizes in memory, which a test can make fail. */
export class SizedFiles implements CollectionFiles {
  readonly sizes = new Map<string, number>()
  fails = false
  /** Erasing waits for it. */
  gate: Promise<void> = Promise.resolve()
  bases: string[] = []

  async erase(id: CollectionId): Promise<void> {
    if (this.fails) throw new Error('the process that opens collections does not answer')
    await this.gate
    this.sizes.delete(id)
  }

  async copyAs(id: CollectionId, as: CollectionId): Promise<void> {
    if (this.fails) throw new Error('the process that opens collections does not answer')
    this.sizes.set(as, this.sizes.get(id) ?? 0)
  }

  async size(id: CollectionId): Promise<number> {
    if (this.fails) throw new Error('the process that opens collections does not answer')
    return this.sizes.get(id) ?? 0
  }

  names = async () => ({ bases: this.bases, drives: [] })
}

export interface TestCollections extends AsyncDisposable {
  readonly db: Database<ServerTables>
  readonly sealer: Sealer
  readonly sync: DirectorySync<ServerTables>
  readonly published: DirectoryChange[]
  readonly files: SizedFiles
  readonly service: CollectionService
  readonly owner: UserId
  readonly app: App
}

export async function openTestCollections(): Promise<TestCollections> {
  const database = await openTestDatabase<ServerTables>(serverMigrations)
  const { db } = database
  const published: DirectoryChange[] = []
  const sync = recordingSync(db, published)
  const files = new SizedFiles()
  const service = new CollectionService({ db, sync, files, log: silentLogger, eraseWaitMs: 50 })
  const owner = newId<UserId>('usr')
  return {
    db,
    sealer: createSealer(randomBytes(32)),
    sync,
    published,
    files,
    service,
    owner,
    app: await createApp(db, { ownerId: owner, name: 'Notes', alias: '', nowMs: 1 }),
    async [Symbol.asyncDispose]() {
      await service[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}
