import { BaseFault } from '../fault.ts'
import { readKey, storedItem } from '../items/item.ts'
import type { JsonObject } from '../items/json.ts'
import { fromStoredJson } from '../items/stored-text.ts'
import { applyUpdate } from '../update/apply-update.ts'
import { parseUpdate } from '../update/parse-update.ts'
import { answer } from './answer.ts'
import type { CallContext } from './context.ts'
import { readBody } from './read-body.ts'

/** Changes one item, with all parts of the update or none; the answer has the parts as they were sent. */
export async function updateItem(context: CallContext, key: string): Promise<Response> {
  const { store, limits, collectionId, base } = context
  const { changes, parts } = parseUpdate(await readBody(context, limits.requestBytes), limits)
  const change = (text: string) => {
    const item = JSON.parse(fromStoredJson(text)) as JsonObject
    applyUpdate(item, changes)
    return storedItem(item, limits)
  }
  const isFound = await store.write(collectionId, (documents) =>
    documents.change(base, readKey(key, limits), change),
  )
  if (!isFound) throw new BaseFault(404, 'Key not found')
  return answer({ key, ...parts })
}
