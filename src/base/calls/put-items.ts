import { invalid } from '../fault.ts'
import { type StoredItem, readItem } from '../items/item.ts'
import { fromStored, fromStoredJson } from '../items/stored-text.ts'
import { answerText } from './answer.ts'
import type { CallContext } from './context.ts'
import { readItemsBody } from './read-body.ts'

/** Replaces up to 25 items, all or none; the answer has them in the order of the request. */
export async function putItems(context: CallContext): Promise<Response> {
  const { store, limits, collectionId, base } = context
  const read = await readItemsBody(context, (sent) => {
    const item = readItem(sent, limits)
    return { item, echo: fromStoredJson(item.text) }
  })
  const items = read.map(({ item }) => item)
  requireOwnKeys(items)
  await store.write(collectionId, (documents) => documents.put(base, items))
  return answerText(`{"processed":{"items":[${read.map(({ echo }) => echo).join()}]}}`, 207)
}

function requireOwnKeys(items: readonly StoredItem[]): void {
  const keys = new Set<string>()
  for (const { key } of items) {
    if (keys.has(key)) throw invalid(`Two items have the key ${fromStored(key)}`)
    keys.add(key)
  }
}
