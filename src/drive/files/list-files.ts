import { afterPrefix, compareBytes, isPrefix } from './byte-ranges.ts'
import type { Scope } from './scope.ts'

export interface ListOptions {
  readonly drive: Uint8Array
  readonly prefix: Uint8Array
  /** Entries up to and including this one are left out; empty: none. */
  readonly last: Uint8Array
  readonly limit: number
  /** False: what follows the prefix up to the next `/` is one entry. */
  readonly isRecursive: boolean
  /** Resolves when the listing may go on: other calls come in between. */
  readonly turn: () => Promise<void>
}

export interface Page {
  readonly names: readonly Uint8Array[]
  readonly hasMore: boolean
}

/** Enough for most folders, and little to read in vain where a folder is larger. */
const BATCH = 64
const SLASH = 0x2f
/** A drive of large folders only takes a query for each of them. */
const QUERIES_PER_TURN = 32

/** One page in byte order. Reads no more than it lists: of a folder its first names, then what follows the folder. */
export async function listFiles(scope: Scope, options: ListOptions): Promise<Page> {
  const { limit, isRecursive } = options
  const entries: Uint8Array[] = []
  let cursor: Cursor | null = firstCursor(options)
  for (let queries = 1; cursor !== null && entries.length <= limit; queries += 1) {
    const left = limit + 1 - entries.length
    const asked = isRecursive ? left : Math.min(left, BATCH)
    const batch: Uint8Array[] = await namesFrom(scope, options, cursor, asked)
    const next = collect(batch, options, entries)
    cursor = batch.length < asked ? null : next
    if (queries % QUERIES_PER_TURN === 0) await options.turn()
  }
  return { names: entries.slice(0, limit), hasMore: entries.length > limit }
}

interface Cursor {
  readonly at: Uint8Array
  /** Whether `at` itself may follow. */
  readonly isIncluded: boolean
}

function firstCursor({ prefix, last, isRecursive }: ListOptions): Cursor | null {
  if (last.length === 0 || compareBytes(last, prefix) < 0) return { at: prefix, isIncluded: true }
  const folder = isRecursive ? null : folderOf(last, prefix)
  return folder === null ? { at: last, isIncluded: false } : afterFolder(folder)
}

/** Null: the database has no more. */
function collect(batch: readonly Uint8Array[], options: ListOptions, entries: Uint8Array[]): Cursor | null {
  const { prefix, isRecursive } = options
  let folder: Uint8Array | null = null
  for (const name of batch) {
    if (folder !== null && isPrefix(folder, name)) continue
    folder = isRecursive ? null : folderOf(name, prefix)
    entries.push(folder ?? name)
  }
  const end = batch.at(-1)
  if (end === undefined) return null
  return folder === null ? { at: end, isIncluded: false } : afterFolder(folder)
}

const afterFolder = (folder: Uint8Array): Cursor => ({ at: afterPrefix(folder)!, isIncluded: true })

/** The folder that the name is in, below the prefix, with its `/`; null: it is in none. */
function folderOf(name: Uint8Array, prefix: Uint8Array): Uint8Array | null {
  if (!isPrefix(prefix, name)) return null
  const slash = name.indexOf(SLASH, prefix.length)
  return slash === -1 ? null : name.subarray(0, slash + 1)
}

async function namesFrom(
  { db, collection }: Scope,
  { drive, prefix }: ListOptions,
  { at, isIncluded }: Cursor,
  limit: number,
): Promise<Uint8Array[]> {
  const end = afterPrefix(prefix)
  const rows = await db
    .selectFrom('drive_files')
    .select('name')
    .where('collection', '=', collection)
    .where('drive', '=', drive)
    .where('name', isIncluded ? '>=' : '>', at)
    .$if(end !== null, (query) => query.where('name', '<', end!))
    .orderBy('name')
    .limit(limit)
    .execute()
  return rows.map(({ name }) => name)
}
