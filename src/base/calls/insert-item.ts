import { BaseFault } from '../fault.ts'
import { readItem } from '../items/item.ts'
import { isObject } from '../items/json.ts'
import { fromStoredJson } from '../items/stored-text.ts'
import { answerText } from './answer.ts'
import type { CallContext } from './context.ts'
import { readBody } from './read-body.ts'

/** Stores one item, unless there is one with its key. */
export async function insertItem(context: CallContext): Promise<Response> {
  const { store, limits, collectionId, base } = context
  const body = await readBody(context, limits.requestBytes)
  const item = readItem(isObject(body) && Object.hasOwn(body, 'item') ? body.item : undefined, limits)
  const isNew = await store.write(collectionId, (documents) => documents.insert(base, item))
  if (!isNew) throw new BaseFault(409, 'Key already exists')
  return answerText(fromStoredJson(item.text), 201)
}
