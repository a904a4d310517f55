import { api } from '../../api/client.ts'
import { type Change, type Drafts, changesOf } from './drafts.ts'
import type { BaseRef } from './items.ts'
import type { Item } from './value.ts'

export interface Failure {
  readonly key: string
  readonly message: string
}

export interface SaveResult {
  /** Stored changes, by their key. */
  readonly changed: ReadonlyMap<string, Change>
  readonly addedCount: number
  readonly failed: Pick<Drafts, 'changed' | 'added'>
  readonly failures: readonly Failure[]
}

/** Saves each item by itself, so that one that cannot be saved holds up no other. */
export async function saveDrafts(at: BaseRef, { changed, added }: Drafts): Promise<SaveResult> {
  const failures: Failure[] = []
  const failedChanges = new Map<string, Change>()
  const failedAdds: Item[] = []
  const saved = new Map<string, Change>()
  for (const [key, change] of changed) {
    const failure = await attempt(key, () => saveChange(at, key, change))
    if (failure) failedChanges.set(key, change)
    else saved.set(key, change)
    if (failure) failures.push(failure)
  }
  for (const item of added) {
    const failure = await attempt(String(item['key'] ?? 'new item'), () => addItem(at, item))
    if (failure) failedAdds.push(item)
    if (failure) failures.push(failure)
  }
  return {
    changed: saved,
    addedCount: added.length - failedAdds.length,
    failed: { changed: failedChanges, added: failedAdds },
    failures,
  }
}

async function attempt(key: string, save: () => Promise<unknown>): Promise<Failure | null> {
  try {
    await save()
    return null
  } catch (error) {
    return { key, message: (error as Error).message }
  }
}

/** Only the fields that changed, so that what the app has written to the others since then stays. */
function saveChange(at: BaseRef, key: string, change: Change): Promise<unknown> {
  const { item } = change
  const { set, removed } = changesOf(change)
  const params = { id: at.collectionId }
  // In an update, a dot in a name means a field inside an object.
  const isPlain = [...Object.keys(set), ...removed].every((name) => !name.includes('.'))
  if (!isPlain)
    return api('PUT /collections/:id/base/items', {
      params,
      query: { base: at.base },
      body: { items: [{ ...item }] },
    })
  const body = { set: { ...set }, delete: removed }
  return api('PATCH /collections/:id/base/item', { params, query: { base: at.base, key }, body })
}

function addItem({ collectionId, base }: BaseRef, item: Item): Promise<unknown> {
  const input = { params: { id: collectionId }, query: { base } }
  const { key, ...rest } = item
  if (typeof key === 'string' && key !== '')
    return api('POST /collections/:id/base/items', { ...input, body: { item: { ...item } } })
  return api('PUT /collections/:id/base/items', { ...input, body: { items: [rest] } })
}

const DELETES_AT_ONCE = 8

/** Deletes the items and returns the keys of those that are gone. Throws the first failure after the others ended. */
export async function deleteItems(
  { collectionId, base }: BaseRef,
  keys: readonly string[],
  onDeleted: (key: string) => void,
): Promise<void> {
  const waiting = [...keys]
  const work = async () => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
      await api('DELETE /collections/:id/base/item', { params: { id: collectionId }, query: { base, key } })
      onDeleted(key)
    }
  }
  const results = await Promise.allSettled(Array.from({ length: DELETES_AT_ONCE }, work))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** The item after its change was saved; fields that the change does not name are as they are loaded. */
export function withChange(loaded: Item, change: Change): Item {
  const { set, removed } = changesOf(change)
  const kept = Object.entries(loaded).filter(([name]) => !removed.includes(name))
  return { ...Object.fromEntries(kept), ...set }
}
