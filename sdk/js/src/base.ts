import type { Base, Expiry, FetchOptions, Item, Json, Page, Query } from '../index.d.ts'
import { ask, DataError, find, send, type Target } from './call.ts'
import { updateOf, util } from './changes.ts'

const EXPIRES = '__expires'

export function createBase<Data extends object>(target: Target): Base<Data> {
  const put = async (items: readonly object[]) =>
    await ask<{ processed: { items: Item<Data>[] } }>(target, 'PUT', '/items', { json: { items } })
  const fetchPage = async (
    query: Query = [],
    { limit, last, desc }: FetchOptions = {},
  ): Promise<Page<Data>> => {
    const json = { query: listOf(query), limit, last, sort: desc === true ? 'desc' : undefined }
    const { items, paging } = await ask<Answer<Data>>(target, 'POST', '/query', { json })
    return { items, count: paging.size, ...(paging.last !== undefined && { last: paging.last }) }
  }
  return {
    util,
    // The overloads differ in what is stored, not in what is sent.
    put: async (data: unknown, key?: string, expiry?: Expiry) =>
      (await put([itemOf(data, key, expiry)])).processed.items[0] as never,
    putMany: (items, expiry) => put(items.map((item) => itemOf(item, undefined, expiry))),
    async insert(data, key, expiry) {
      const json = { item: itemOf(data, key, expiry) }
      return await ask<Item<Data>>(target, 'POST', '/items', { json })
    },
    async get(key) {
      const answer = await find(target, 'GET', itemPath(key))
      return answer && ((await answer.json()) as Item<Data>)
    },
    async delete(key) {
      await send(target, 'DELETE', itemPath(key))
      return null
    },
    async update(changes, key, expiry) {
      const json = updateOf({ ...changes, ...expiresOf(expiry) })
      await send(target, 'PATCH', itemPath(key), { json })
      return null
    },
    fetch: fetchPage,
    async *items(query, options) {
      let last = options?.last
      do {
        const page = await fetchPage(query, { ...options, last })
        yield* page.items
        last = page.last
      } while (last !== undefined)
    },
  }
}

interface Answer<Data> {
  readonly items: Item<Data>[]
  readonly paging: { readonly size: number; readonly last?: string }
}

const listOf = (query: Query): readonly Json[] => (Array.isArray(query) ? query : [query as Json])

/** Without a key the path would be that of all items. */
function itemPath(key: string): string {
  if (key === '') throw new DataError(400, 'Key is empty')
  return `/items/${encodeURIComponent(key)}`
}

function itemOf(data: unknown, key: string | undefined, expiry: Expiry | undefined): object {
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data)
  const item = isObject ? data : { value: data }
  return { ...item, ...(key !== undefined && { key }), ...expiresOf(expiry) }
}

function expiresOf({ expireIn, expireAt }: Expiry = {}): object {
  if (expireIn !== undefined && expireAt !== undefined)
    throw new DataError(400, 'Give expireIn or expireAt, not both')
  if (expireIn !== undefined) return { [EXPIRES]: Math.floor(Date.now() / 1_000) + expireIn }
  if (expireAt === undefined) return {}
  return { [EXPIRES]: typeof expireAt === 'number' ? expireAt : Math.floor(expireAt.getTime() / 1_000) }
}
