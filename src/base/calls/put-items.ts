import { invalid } from '../fault.ts'
import { type StoredItem, readItem } from '../items/item.ts'
import { type Json, isObject } from '../items/json.ts'
import { fromStored, fromStoredJson } from '../items/stored-text.ts'
import type { BaseLimits } from '../limits.ts'
import { answerText } from './answer.ts'
import type { CallContext } from './context.ts'
import { readBody } from './read-body.ts'

/** Replaces up to 25 items, all or none; the answer has them in the order of the request. */
export async function putItems({
  store,
  limits,
  collectionId,
  base,
  request,
}: CallContext): Promise<Response> {
  const items = readItems(await readBody(request, limits.requestBytes), limits)
  await store.write(collectionId, (documents) => documents.put(base, items))
  return answerText(`{"processed":{"items":[${items.map(({ text }) => fromStoredJson(text)).join()}]}}`, 207)
}

function readItems(body: Json | undefined, limits: BaseLimits): StoredItem[] {
  const sent = isObject(body) && Object.hasOwn(body, 'items') ? body.items : null
  if (!Array.isArray(sent)) throw invalid('items must be a list')
  if (sent.length === 0) throw invalid('items must have at least one item')
  if (sent.length > limits.itemsPerPut)
    throw invalid(`One request may put at most ${limits.itemsPerPut} items`)
  const items = sent.map((item) => readItem(item, limits))
  requireOwnKeys(items)
  return items
}

function requireOwnKeys(items: readonly StoredItem[]): void {
  const keys = new Set<string>()
  for (const { key } of items) {
    if (keys.has(key)) throw invalid(`Two items have the key ${fromStored(key)}`)
    keys.add(key)
  }
}
