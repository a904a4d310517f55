import { calls } from '../../contract/index.ts'
import { askCollection } from '../collection-data.ts'
import { route } from '../route.ts'

type Item = Record<string, unknown>
interface Page {
  readonly paging: { readonly size: number; readonly last?: string }
  readonly items: Item[]
}

const onBase = (name: string) => ({ service: 'base', name }) as const
const itemPath = (key: string) => `/items/${encodeURIComponent(key)}`

export const baseItemRoutes = [
  route(calls.queryBase, (context, { collection, query, body }) => {
    const call = { ...onBase(query.base), method: 'POST', path: '/query', json: body }
    return askCollection<Page>(context, collection, call)
  }),
  route(calls.getItem, (context, { collection, query }) => {
    const call = { ...onBase(query.base), method: 'GET', path: itemPath(query.key) }
    return askCollection<Item>(context, collection, call)
  }),
  route(calls.putItems, async (context, { collection, query, body }) => {
    const call = { ...onBase(query.base), method: 'PUT', path: '/items', json: body }
    const { processed } = await askCollection<{ processed: { items: Item[] } }>(context, collection, call)
    return { items: processed.items }
  }),
  route(calls.insertItem, (context, { collection, query, body }) => {
    const call = { ...onBase(query.base), method: 'POST', path: '/items', json: body }
    return askCollection<Item>(context, collection, call)
  }),
  route(calls.updateItem, async (context, { collection, query, body }) => {
    const call = { ...onBase(query.base), method: 'PATCH', path: itemPath(query.key), json: body }
    const { key } = await askCollection<{ key: string }>(context, collection, call)
    return { key }
  }),
  route(calls.deleteItem, (context, { collection, query }) => {
    const call = { ...onBase(query.base), method: 'DELETE', path: itemPath(query.key) }
    return askCollection<{ key: string }>(context, collection, call)
  }),
]
