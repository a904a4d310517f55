import type { Blobs } from '../content/blobs.ts'
import type { Scope } from '../files/scope.ts'
import { forgetTrash, knownBlobs, listTrash } from '../files/trash.ts'
import type { Leases } from './leases.ts'

const PAGE = 500

export interface TrashOptions {
  readonly scope: Scope
  readonly blobs: Blobs
  readonly leases: Leases
  /** Aborted: the rest may wait until the collection is opened again. */
  readonly signal: AbortSignal
}

/** Removes the blobs of the trash, except of content that is being read. */
export async function emptyTrash({ scope, blobs, leases, signal }: TrashOptions): Promise<void> {
  for (let after = ''; !signal.aborted;) {
    const page = await listTrash(scope, after, PAGE)
    if (page.length === 0) return
    after = page.at(-1)!.blob
    await leases.lookupsEnded()
    const free = page.filter(({ content }) => !leases.has(content)).map(({ blob }) => blob)
    if (free.length === 0) continue
    await blobs.remove(free)
    await forgetTrash(scope, free)
  }
}

export interface OrphanOptions {
  readonly scope: Scope
  readonly blobs: Blobs
  /** Ids of blobs that are being written: no row names them yet. */
  readonly writing: ReadonlySet<string>
  /** What was written later is left alone. */
  readonly beforeMs: number
  /** Aborted: stops looking. */
  readonly signal: AbortSignal
}

export interface Orphans {
  readonly removed: number
  /** Every blob was looked at, and none was too young to be judged. */
  readonly isSettled: boolean
}

/** Removes blobs that no row names, as a crash between the blob and its row leaves them. */
export async function removeOrphans(options: OrphanOptions): Promise<Orphans> {
  const { blobs, signal } = options
  let removed = 0
  let isSettled = true
  for await (const shard of blobs.list())
    for (let at = 0; at < shard.length; at += PAGE) {
      if (signal.aborted) return { removed, isSettled: false }
      const { old, hasYoung } = await orphansAmong(shard.slice(at, at + PAGE), options)
      if (old.length > 0) await blobs.remove(old)
      removed += old.length
      if (hasYoung) isSettled = false
    }
  return { removed, isSettled }
}

async function orphansAmong(
  ids: readonly string[],
  { scope, blobs, writing, beforeMs }: OrphanOptions,
): Promise<{ old: string[]; hasYoung: boolean }> {
  // Before the index is asked: an id leaves the set after its row is there.
  const idle = ids.filter((id) => !writing.has(id))
  if (idle.length === 0) return { old: [], hasYoung: false }
  const known = await knownBlobs(scope, idle)
  const old: string[] = []
  let hasYoung = false
  for (const id of idle.filter((each) => !known.has(each))) {
    const writtenMs = await blobs.writtenMs(id)
    if (writtenMs === null) continue
    if (writtenMs >= beforeMs) hasYoung = true
    else old.push(id)
  }
  return { old, hasYoung }
}
