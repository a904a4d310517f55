import { z } from 'zod'
import { json } from './body.ts'
import { defineCall } from './define-call.ts'
import { created, ok } from './output.ts'

/** Items of a Base, for the owner of the collection. Apps and scripts use the data API and a data key. */
const item = z
  .record(z.string(), z.unknown())
  .meta({ id: 'Item', description: 'An object; its `key` is text.' })

const params = { id: 'Id of the collection.' } as const
const base = z.string().min(1).max(512).meta({ description: 'Name of the Base.' })
const ofBase = z.object({ base })
/** In the query, because a key may be any text: a path would change one such as `..`. */
const ofItem = z.object({ base, key: z.string().min(1).max(2_048).meta({ description: 'Key of the item.' }) })

/** A data value may be a secret of the app: no limited access token reads one. */
const common = { auth: 'user', resource: 'collection', scopes: [], params } as const
const busy = { rate_limited: 'Too many calls of the collection are in progress.' } as const
const MAX_BYTES = 16 * 1024 * 1024

const EXAMPLE_ITEM = { key: 'soup', title: 'Tomato soup', minutes: 25 } as const

export const queryBase = defineCall({
  ...common,
  method: 'POST',
  path: '/api/v0/collections/:id/base/query',
  summary: 'List the items of a Base that match a query',
  description:
    'Query, limit, `last` and `sort` are those of the data API. A page may be empty and still have a `last`, from where the search continues.',
  query: ofBase,
  body: json(
    z.object({
      query: z.unknown().optional().meta({ description: 'A list of objects; omitted: all items.' }),
      limit: z.int().min(1).max(10_000).default(1_000),
      last: z.string().optional(),
      sort: z.enum(['asc', 'desc']).default('asc'),
    }),
  ),
  output: ok(
    z.strictObject({
      paging: z.strictObject({
        size: z.int(),
        last: z.string().optional().meta({ description: 'Omitted: nothing more matches.' }),
      }),
      items: z.array(item),
    }),
  ),
  errors: busy,
  example: {
    query: { base: 'recipes' },
    body: { query: [{ 'minutes?lt': 30 }] },
    answer: { paging: { size: 1 }, items: [EXAMPLE_ITEM] },
  },
})

export const getItem = defineCall({
  ...common,
  method: 'GET',
  path: '/api/v0/collections/:id/base/item',
  summary: 'Read an item of a Base',
  query: ofItem,
  output: ok(item),
  errors: busy,
  example: { query: { base: 'recipes', key: 'soup' }, answer: EXAMPLE_ITEM },
})

export const putItems = defineCall({
  ...common,
  method: 'PUT',
  path: '/api/v0/collections/:id/base/items',
  summary: 'Store items in a Base',
  description: 'At most 25. An item replaces the one that has its key; one without a key gets a random key.',
  query: ofBase,
  body: json(z.object({ items: z.array(item).min(1).max(25) }), MAX_BYTES),
  output: ok(z.strictObject({ items: z.array(item) })),
  errors: busy,
  example: {
    query: { base: 'recipes' },
    body: { items: [EXAMPLE_ITEM] },
    answer: { items: [EXAMPLE_ITEM] },
  },
})

export const insertItem = defineCall({
  ...common,
  method: 'POST',
  path: '/api/v0/collections/:id/base/items',
  summary: 'Add an item to a Base',
  query: ofBase,
  body: json(z.object({ item }), MAX_BYTES),
  output: created(item),
  errors: { ...busy, conflict: 'The Base has an item with this key.' },
  example: { query: { base: 'recipes' }, body: { item: EXAMPLE_ITEM }, answer: EXAMPLE_ITEM },
})

export const updateItem = defineCall({
  ...common,
  method: 'PATCH',
  path: '/api/v0/collections/:id/base/item',
  summary: 'Change fields of an item of a Base',
  description: 'The other fields stay as they are. A dot in a name addresses a field inside an object.',
  query: ofItem,
  body: json(
    z.object({ set: z.record(z.string(), z.unknown()).default({}), delete: z.array(z.string()).default([]) }),
    MAX_BYTES,
  ),
  output: ok(z.strictObject({ key: z.string() })),
  errors: busy,
  example: {
    query: { base: 'recipes', key: 'soup' },
    body: { set: { minutes: 30 }, delete: ['note'] },
    answer: { key: 'soup' },
  },
})

export const deleteItem = defineCall({
  ...common,
  method: 'DELETE',
  path: '/api/v0/collections/:id/base/item',
  summary: 'Delete an item of a Base',
  description: 'Also succeeds when there was none.',
  query: ofItem,
  output: ok(z.strictObject({ key: z.string() })),
  errors: busy,
  example: { query: { base: 'recipes', key: 'soup' }, answer: { key: 'soup' } },
})
