import type { Blobs } from '../content/blobs.ts'
import type { Scope } from '../files/scope.ts'
import { forgetTrash, knownBlobs, listTrash } from '../files/trash.ts'
import type { Leases } from './leases.ts'

const PAGE = 500

/** Removes the blobs of the trash, except of content that is being read. Resolves with how many had to stay. */
export async function emptyTrash(scope: Scope, blobs: Blobs, leases: Leases): Promise<number> {
  let kept = 0
  for (let after = ''; ;) {
    const page = await listTrash(scope, after, PAGE)
    if (page.length === 0) return kept
    after = page.at(-1)!.blob
    await leases.lookupsEnded()
    const free = page.filter(({ content }) => !leases.has(content)).map(({ blob }) => blob)
    kept += page.length - free.length
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
}

export interface Orphans {
  readonly removed: number
  /** Too young to be removed. */
  readonly left: number
}

/** Removes blobs that no row names, as a crash between the blob and its row leaves them. */
export async function removeOrphans({ scope, blobs, writing, beforeMs }: OrphanOptions): Promise<Orphans> {
  let removed = 0
  let left = 0
  for await (const shard of blobs.list())
    for (let at = 0; at < shard.length; at += PAGE) {
      // Before the index is asked: an id leaves the set after its row is there.
      const idle = shard.slice(at, at + PAGE).filter((id) => !writing.has(id))
      if (idle.length === 0) continue
      const known = await knownBlobs(scope, idle)
      for (const id of idle.filter((each) => !known.has(each))) {
        const writtenMs = await blobs.writtenMs(id)
        if (writtenMs === null) continue
        if (writtenMs >= beforeMs) left += 1
        else {
          await blobs.remove([id])
          removed += 1
        }
      }
    }
  return { removed, left }
}
