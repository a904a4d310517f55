import { invalid } from '../fault.ts'
import { type Json, type JsonObject, isObject } from '../items/json.ts'
import { fromStored, fromStoredJson, toStored } from '../items/stored-text.ts'
import { type Page, readPage } from '../page/read-page.ts'
import { parseQuery } from '../query/parse-query.ts'
import { answerText } from './answer.ts'
import type { CallContext } from './context.ts'
import { readBody } from './read-body.ts'

const DEFAULT_ITEMS = 1_000
/** Any page ends before, by its bytes. */
const MOST_ITEMS = 1_000_000

/** One page of the items that match, in the order of keys. */
export async function queryItems(context: CallContext): Promise<Response> {
  const { store, limits, collectionId, base, turns } = context
  const body = readOptions(await readBody(context, limits.queryBytes))
  const items = readLimit(body.limit)
  const search = {
    base,
    query: parseQuery(body.query, limits),
    isDescending: readSort(body.sort) === 'desc',
    after: readLast(body.last),
  }
  const pageLimits = {
    items,
    bytes: limits.pageBytes,
    withinMs: limits.pageMs,
    pause: () => turns.take(collectionId),
  }
  const page = await store.read(collectionId, (documents) =>
    documents ? readPage(documents.find(search), pageLimits) : EMPTY,
  )
  return answerText(pageText(page))
}

const EMPTY: Page = { items: [], last: null }

function pageText({ items, last }: Page): string {
  const more = last === null ? '' : `,"last":${JSON.stringify(fromStored(last))}`
  const texts = items.map(({ text }) => fromStoredJson(text)).join()
  return `{"paging":{"size":${items.length}${more}},"items":[${texts}]}`
}

function readOptions(body: Json | undefined): JsonObject {
  if (body === undefined) return {}
  if (!isObject(body)) throw invalid('A query must be a JSON object')
  return body
}

// Clients send null or an empty text for what they leave out.

function readLimit(value: Json | undefined): number {
  if (value === undefined || value === null) return DEFAULT_ITEMS
  if (!Number.isInteger(value) || (value as number) < 1) throw invalid('limit must be a whole number above 0')
  return Math.min(value as number, MOST_ITEMS)
}

function readSort(value: Json | undefined): 'asc' | 'desc' {
  if (value === undefined || value === null || value === '' || value === 'asc') return 'asc'
  if (value !== 'desc') throw invalid('sort must be asc or desc')
  return value
}

function readLast(value: Json | undefined): string | null {
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string') throw invalid('last must be the key of an item')
  return toStored(value)
}
