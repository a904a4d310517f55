/** Base as a map in memory, written from COMPAT 5.2 alone: it shares no code with what it is compared with. */
import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../items/json.ts'

interface Answer {
  readonly status: number
  readonly body: unknown
}

const error = (status: number): Answer => ({ status, body: { errors: [] } })

export class ModelBase {
  readonly #items = new Map<string, JsonObject>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  call(method: string, path: string, body: unknown): Answer {
    const sent = structuredCloneOwn(body) as { items: JsonObject[]; item: JsonObject } & UpdateBody &
      QueryBody
    if (method === 'PUT') {
      for (const item of sent.items) this.#items.set(item.key as string, item)
      return { status: 207, body: { processed: { items: sent.items } } }
    }
    if (path === '/items') return this.#insert(sent.item)
    if (path === '/query') return this.#query(sent)
    const key = decodeURIComponent(path.slice('/items/'.length))
    const item = this.#get(key)
    if (method === 'GET') return item ? { status: 200, body: item } : { status: 404, body: { key } }
    if (method === 'PATCH') return this.#update(key, item, sent)
    this.#items.delete(key)
    return { status: 200, body: { key } }
  }

  #get(key: string): JsonObject | null {
    const item = this.#items.get(key)
    if (!item) return null
    return typeof item.__expires === 'number' && item.__expires * 1_000 <= this.#now() ? null : item
  }

  #insert(item: JsonObject): Answer {
    if (this.#get(item.key as string)) return error(409)
    this.#items.set(item.key as string, item)
    return { status: 201, body: item }
  }

  #update(key: string, found: JsonObject | null, update: UpdateBody): Answer {
    const changes = changesOf(update)
    const paths = changes.map(({ path }) => path)
    const overlaps = paths.some((path, at) =>
      paths.some((other, otherAt) => at !== otherAt && isDeepStrictEqual(other.slice(0, path.length), path)),
    )
    if (changes.length === 0 || overlaps) return error(400)
    if (!found) return error(404)
    const item = structuredCloneOwn(found) as JsonObject
    for (const { path, change } of changes) {
      const parent = path.slice(0, -1).reduce<Json | undefined>((at, name) => member(at, name), item)
      if (!isMap(parent)) return error(400)
      const name = path.at(-1)!
      const next = change(member(parent, name))
      if (next === 'refused') return error(400)
      if (next === undefined) delete parent[name]
      else define(parent, name, next.value)
    }
    this.#items.set(key, item)
    return { status: 200, body: { key, ...update } }
  }

  #query({ query, limit = 1_000, last, sort }: QueryBody): Answer {
    const keyTexts = new Set(
      query.map((object) =>
        JSON.stringify(Object.entries(object).filter(([name]) => /^key(\?|$)/.test(name))),
      ),
    )
    if (keyTexts.size > 1) return error(400)
    const bytes = (key: string) => Buffer.from(key)
    const sign = sort === 'desc' ? -1 : 1
    const matching = [...this.#items.keys()]
      .sort((a, b) => sign * Buffer.compare(bytes(a), bytes(b)))
      .filter((key) => last === undefined || sign * Buffer.compare(bytes(key), bytes(last)) > 0)
      .map((key) => this.#get(key))
      .filter((item) => item !== null)
      .filter((item) => query.length === 0 || query.some((object) => matches(item, object)))
    const items = matching.slice(0, limit)
    const more = matching.length > limit ? { last: items.at(-1)!.key } : {}
    return { status: 200, body: { paging: { size: items.length, ...more }, items } }
  }
}

interface UpdateBody {
  readonly set?: JsonObject
  readonly increment?: Record<string, number>
  readonly append?: Record<string, Json[]>
  readonly prepend?: Record<string, Json[]>
  readonly delete?: string[]
}

interface QueryBody {
  readonly query: JsonObject[]
  readonly limit?: number
  readonly last?: string
  readonly sort?: string
}

/** Gives the next value, undefined to delete, or that it cannot be. */
type ChangeOf = (value: Json | undefined) => { value: Json } | 'refused' | undefined

function changesOf(update: UpdateBody): { path: string[]; change: ChangeOf }[] {
  const each = <T extends Json>(part: Record<string, T> | undefined, change: (by: T) => ChangeOf) =>
    Object.entries(part ?? {}).map(([name, by]) => ({ path: name.split('.'), change: change(by) }))
  const list =
    (join: (list: Json[]) => Json[]): ChangeOf =>
    (value) =>
      value === undefined ? { value: join([]) } : Array.isArray(value) ? { value: join(value) } : 'refused'
  return [
    ...each(update.set, (value) => () => ({ value })),
    ...each(update.increment, (by) => (value) => {
      if (value !== undefined && typeof value !== 'number') return 'refused'
      return Number.isFinite((value ?? 0) + by) ? { value: (value ?? 0) + by } : 'refused'
    }),
    ...each(update.append, (more) => list((all) => [...all, ...more])),
    ...each(update.prepend, (more) => list((all) => [...more, ...all])),
    ...(update.delete ?? []).map((name) => ({ path: name.split('.'), change: () => undefined })),
  ]
}

function matches(item: JsonObject, conditions: JsonObject): boolean {
  return Object.entries(conditions).every(([name, operand]) => {
    const [attribute = '', operator = ''] = name.split('?')
    const value = attribute.split('.').reduce<Json | undefined>((at, part) => member(at, part), item)
    return test(value, operator, operand)
  })
}

function test(value: Json | undefined, operator: string, operand: Json): boolean {
  const order = (other: Json) =>
    typeof value === typeof other && value !== null ? compare(value, other) : Number.NaN
  switch (operator) {
    case '':
      return value !== undefined && isDeepStrictEqual(value, operand)
    case 'ne':
      return !test(value, '', operand)
    case 'lt':
    case '<':
      return order(operand) < 0
    case 'lte':
    case '<=':
      return order(operand) <= 0
    case 'gt':
    case '>':
      return order(operand) > 0
    case 'gte':
    case '>=':
      return order(operand) >= 0
    case 'pfx':
      return typeof value === 'string' && stored(value).startsWith(stored(operand as string))
    case 'r': {
      const [low, high] = operand as [Json, Json]
      return order(low) >= 0 && order(high) <= 0
    }
    case 'contains':
      if (typeof value === 'string')
        return typeof operand === 'string' && stored(value).includes(stored(operand))
      return Array.isArray(value) && value.some((each) => isDeepStrictEqual(each, operand))
    default:
      return !test(value, 'contains', operand)
  }
}

function compare(a: Json | undefined, b: Json): number {
  if (typeof a === 'number') return a - (b as number)
  return typeof a === 'string'
    ? Buffer.compare(Buffer.from(stored(a)), Buffer.from(stored(b as string)))
    : Number.NaN
}

/** Texts that no database can hold sort as they are stored (stored-text.ts). */
const stored = (text: string): string =>
  Array.from(text, (char) => {
    const isSpecial =
      char === '\0' || char === '\ufdd0' || (char.length === 1 && /[\ud800-\udfff]/.test(char))
    return isSpecial ? `\ufdd0${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char
  }).join('')

const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const member = (value: Json | undefined, name: string): Json | undefined =>
  isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined

const define = (object: JsonObject, name: string, value: Json) =>
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true })

const structuredCloneOwn = (value: unknown): unknown =>
  value === undefined ? {} : JSON.parse(JSON.stringify(value))
