import { type Soon, after } from '../../kernel/soon.ts'
import { toStored, fromStoredJson } from '../items/stored-text.ts'
import { answer, answerText } from './answer.ts'
import type { CallContext } from './context.ts'

/** The item, or 404 with its key. */
export function getItem({ store, collectionId, base }: CallContext, key: string): Soon<Response> {
  const found = store.read(collectionId, (documents) => documents?.get(base, toStored(key)) ?? null)
  return after(found, (text) => answerOf(text, key))
}

const answerOf = (text: string | null, key: string): Response =>
  text === null ? answer({ key }, 404) : answerText(fromStoredJson(text))

/** Also for a key without an item. */
export async function deleteItem({ store, collectionId, base }: CallContext, key: string): Promise<Response> {
  // Only `write` may make a collection, and there is nothing to delete in a new one.
  const isThere = await store.read(collectionId, (documents) => documents !== null)
  if (isThere) await store.write(collectionId, (documents) => documents.remove(base, toStored(key)))
  return answer({ key })
}
