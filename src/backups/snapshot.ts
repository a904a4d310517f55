import { createReadStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupEntry } from '../backup-file/index.ts'
import type { DataClient } from '../data/index.ts'
import type { CollectionId } from '../kernel/ids.ts'
import { copySqlite } from '../storage/index.ts'
import { linkTree } from './link-tree.ts'
import { entriesBelow } from './tree-entries.ts'

export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

export interface Snapshot {
  readonly dataDir: string
  /** An empty folder on the same file system. */
  readonly draft: string
  readonly certificates: readonly CertificateFiles[]
  readonly listCollections: () => Promise<readonly CollectionId[]>
  readonly data: Pick<DataClient, 'copyTo'>
}

/** Whose files never change, or only grow. */
const TREES = ['revisions', 'uploads', 'build-logs', 'logs']
const FILES = ['server.key', 'database-id', 'authority']

/**
 * All that cannot be made again. Files are linked before and after the database is copied: what the copy names existed at
 * one of both times, and a link keeps it although the server deletes it. Each collection is copied at one moment of its own,
 * and removed before the next one.
 */
export async function* snapshotEntries(snapshot: Snapshot): AsyncGenerator<BackupEntry> {
  const { dataDir, draft, certificates, listCollections, data } = snapshot
  await linkTrees(snapshot)
  const collections = await listCollections()
  await copySqlite(join(dataDir, 'ownspace.db'), join(draft, 'ownspace.db'))
  await linkTrees(snapshot)
  for (const name of FILES) yield* entriesBelow(dataDir, name)
  yield* entriesBelow(draft, 'ownspace.db')
  yield* certificateEntries(certificates)
  for (const name of TREES) yield* entriesBelow(draft, name)
  await mkdir(join(draft, 'collections'), { mode: 0o700 })
  for (const id of collections) {
    const path = `collections/${id}`
    await data.copyTo(id, join(draft, path))
    yield* entriesBelow(draft, path)
    await rm(join(draft, path), { recursive: true, force: true })
  }
}

async function linkTrees({ dataDir, draft }: Snapshot): Promise<void> {
  for (const name of TREES) await linkTree(join(dataDir, name), join(draft, name))
}

/** They lie where the operator put them; a restoration puts them into the folder. */
async function* certificateEntries(files: readonly CertificateFiles[]): AsyncGenerator<BackupEntry> {
  for (const [at, { certFile, keyFile }] of files.entries()) {
    yield await certificateEntry(certFile, `certificates/${at + 1}.pem`)
    yield await certificateEntry(keyFile, `certificates/${at + 1}-key.pem`)
  }
}

async function certificateEntry(file: string, path: string): Promise<BackupEntry> {
  // It fails here, before an entry has begun.
  await stat(file)
  return { path, mode: 0o100600, isCompressed: false, content: createReadStream(file) }
}
