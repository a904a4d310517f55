import { invalid } from '../fault.ts'
import { type Json, isObject } from '../items/json.ts'
import { outlineOf } from '../items/outline.ts'
import { readJson } from '../items/read-json.ts'
import type { CallContext } from './context.ts'

/** From here on, a body is parsed in turns. */
const LARGE_BYTES = 65_536

/** The JSON of a request; undefined without a body. Throws BaseFault. */
export async function readBody(context: CallContext, mostBytes: number): Promise<Json | undefined> {
  const bytes = await readBytes(context.request, mostBytes)
  if (bytes.length >= LARGE_BYTES) await outline(context, bytes, 0)
  return readJson(bytes)
}

/** A body with a list of items: each one is read in a turn of its own. Throws BaseFault. */
export async function readItemsBody<Item>(context: CallContext, read: (item: Json) => Item): Promise<Item[]> {
  const { limits, turns, collectionId } = context
  const bytes = await readBytes(context.request, limits.requestBytes)
  if (bytes.length < LARGE_BYTES) return itemsOf(readJson(bytes), limits.itemsPerPut).map(read)
  const { rest, elements } = await outline(context, bytes, limits.itemsPerPut)
  const items: Item[] = []
  for (const at of itemsOf(readJson(rest), limits.itemsPerPut)) {
    await turns.take(collectionId)
    items.push(read(readJson(elements[at as number]!)!))
  }
  return items
}

function itemsOf(body: Json | undefined, most: number): Json[] {
  const items = isObject(body) && Object.hasOwn(body, 'items') ? body.items : null
  if (!Array.isArray(items)) throw invalid('items must be a list')
  if (items.length === 0) throw invalid('items must have at least one item')
  if (items.length > most) throw invalid(`One request may put at most ${most} items`)
  return items
}

const outline = ({ limits, turns, collectionId }: CallContext, bytes: Uint8Array, elements: number) =>
  // A value takes a byte of its item at least.
  outlineOf(bytes, { elements, values: limits.itemBytes }, () => turns.take(collectionId))

async function readBytes(request: Request, mostBytes: number): Promise<Uint8Array> {
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  if (length > mostBytes) throw tooLarge(mostBytes)
  return length >= 0 ? await request.bytes() : await readBounded(request, mostBytes)
}

/** Of unknown length. */
async function readBounded(request: Request, mostBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of request.body ?? []) {
    bytes += part.byteLength
    if (bytes > mostBytes) throw tooLarge(mostBytes)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const tooLarge = (mostBytes: number) => invalid(`A request may have at most ${mostBytes} bytes`)
