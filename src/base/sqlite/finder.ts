import type { Finder, FoundItem, Search, Step } from '../documents.ts'
import type { Json } from '../items/json.ts'
import { compileAlternatives } from './compile-condition.ts'
import { compileKeys } from './compile-range.ts'
import { ChunkSize } from './chunk-size.ts'
import { matchesDocument } from './match-document.ts'
import { type QueryBounds, boundsOf } from './query-cost.ts'
import { type Sql, and, literal, or, sql } from './sql-text.ts'
import type { Statements } from './statements.ts'
import type { IndexPart } from './plan.ts'

export interface FinderOptions {
  readonly statements: Statements
  readonly search: Search
  /** Unix seconds. */
  readonly now: number
  /** Where documents come from, in the order of their keys; null: all of the base. */
  readonly part: IndexPart | null
  /** After each chunk, how many documents it had. */
  readonly onLooked: (count: number) => void
}

/** As many of the largest items take a slice of the thread. */
const FEW_ROWS = 32

/** Goes through documents in the order of their keys, chunk by chunk. */
export class ChunkFinder implements Finder {
  readonly #options: FinderOptions
  readonly #size = new ChunkSize()
  readonly #bounds: QueryBounds
  readonly #source: Sql
  /** Null: all documents of the source match, so that a chunk needs no bound but its number of rows. */
  readonly #filter: Sql | null
  readonly #direction: 'asc' | 'desc'
  #after: string | null

  constructor(options: FinderOptions) {
    this.#options = options
    const { search, part } = options
    this.#bounds = boundsOf(search.query.alternatives)
    const base = `base = ${literal(search.base)}`
    this.#source = part
      ? sql(`documents indexed by ${part.index} where ${base} and ${part.sql.text}`, ...part.sql.values)
      : sql(`documents where ${base}`)
    this.#filter = filterOf(options, this.#bounds)
    this.#direction = search.isDescending ? 'desc' : 'asc'
    this.#after = search.after
  }

  next(atMost: number): Step {
    const started = performance.now()
    const step = this.#filter ? this.#filtered(atMost, this.#filter) : this.#all(atMost)
    this.#size.adapt(performance.now() - started)
    if (step.reached !== null) this.#after = step.reached
    return step
  }

  #all(atMost: number): Step {
    const keys = this.#keys()
    const rows = Math.min(atMost, this.#size.rows)
    // Few rows are read without a look at their sizes.
    const limit = rows <= FEW_ROWS ? rows : this.#span(keys, rows).rows
    const { items } = this.#read([keys], limit)
    return { items, reached: items.at(-1)?.key ?? null, isEnd: items.length < limit }
  }

  #filtered(atMost: number, filter: Sql): Step {
    const keys = this.#keys()
    const { rows, last } = this.#span(keys, this.#size.rows)
    const bound = sql(`key ${this.#direction === 'asc' ? '<=' : '>='} ?`, last)
    const { items, found } = this.#read([keys, last === null ? null : bound, filter], atMost)
    this.#options.onLooked(rows)
    // The chunk may have more of them.
    if (found.length === atMost) return { items, reached: found.at(-1)!.key, isEnd: false }
    return { items, reached: last, isEnd: last === null }
  }

  #keys(): Sql {
    const { query, isDescending } = this.#options.search
    return compileKeys(query.range, this.#after, isDescending)
  }

  /** How many of these rows one step may read, and the last key of them; null: fewer are left. */
  #span(keys: Sql, most: number): { rows: number; last: string | null } {
    const { text, values } = this.#source
    const end = this.#direction === 'asc' ? 'max' : 'min'
    for (let rows = most; ; rows = Math.max(1, rows >> 1)) {
      const [[count, last, bytes]] = this.#options.statements.rows<[number, string | null, number | null]>({
        text: `select count(*), ${end}(key), sum(length(value)) from
          (select key, value from ${text} and ${keys.text} order by key ${this.#direction} limit ?)`,
        values: [...values, ...keys.values, rows],
      }) as [[number, string | null, number | null]]
      if (rows === 1 || (bytes ?? 0) <= this.#bounds.bytesAStep)
        return { rows, last: count < rows ? null : last }
    }
  }

  /** `found`: with large documents that do not match. */
  #read(conditions: readonly (Sql | null)[], limit: number): Chunk {
    const where = and(...conditions)
    const { text, values } = this.#source
    const { search, statements } = this.#options
    const rows = statements.rows<Row>({
      text: `select key, json(value), length(value) from ${text} and ${where.text} order by key ${this.#direction} limit ?`,
      values: [...values, ...where.values, limit],
    })
    return chunkOf(rows, search, this.#filter === null ? null : this.#bounds)
  }
}

type Row = [key: string, text: string, bytes: number]

interface Chunk {
  readonly items: readonly FoundItem[]
  readonly found: readonly FoundItem[]
}

/** Large documents are judged here. Null: all match. */
function chunkOf(rows: readonly Row[], { query }: Search, bounds: QueryBounds | null): Chunk {
  const found = rows.map(([key, text]) => ({ key, text }))
  if (bounds === null || query.alternatives.length === 0) return { items: found, found }
  const items = found.filter(
    ({ text }, at) =>
      rows[at]![2] <= bounds.largestInSql || matchesDocument(JSON.parse(text) as Json, query.alternatives),
  )
  return { items, found }
}

/** Goes through given keys. */
export class KeyFinder implements Finder {
  readonly #options: FinderOptions
  readonly #size = new ChunkSize()
  readonly #bounds: QueryBounds
  readonly #keys: readonly string[]
  #at = 0

  constructor(options: FinderOptions, keys: readonly string[]) {
    this.#options = options
    this.#bounds = boundsOf(options.search.query.alternatives)
    this.#keys = options.search.isDescending ? keys.toReversed() : keys
  }

  next(atMost: number): Step {
    const { statements, search } = this.#options
    const started = performance.now()
    const chunk = this.#chunk()
    const where = and(inKeys(chunk), filterOf(this.#options, this.#bounds))
    const rows = statements.rows<Row>({
      text: `select key, json(value), length(value) from documents where base = ? and ${where.text} order by key ${search.isDescending ? 'desc' : 'asc'} limit ?`,
      values: [search.base, ...where.values, atMost],
    })
    const { items, found } = chunkOf(rows, search, this.#bounds)
    this.#size.adapt(performance.now() - started)
    const reached = (found.length === atMost ? found.at(-1)?.key : chunk.at(-1)) ?? null
    this.#at = reached === null ? this.#keys.length : this.#keys.indexOf(reached, this.#at) + 1
    return { items, reached, isEnd: this.#at >= this.#keys.length }
  }

  /** The next keys, of no more documents than one step may read. */
  #chunk(): readonly string[] {
    const { statements, search } = this.#options
    for (let rows = this.#size.rows; ; rows = Math.max(1, rows >> 1)) {
      const chunk = this.#keys.slice(this.#at, this.#at + rows)
      const { text, values } = inKeys(chunk)
      const [[bytes]] = statements.rows<[number | null]>({
        text: `select sum(length(value)) from documents where base = ? and ${text}`,
        values: [search.base, ...values],
      }) as [[number | null]]
      if (rows === 1 || (bytes ?? 0) <= this.#bounds.bytesAStep) return chunk
    }
  }
}

const inKeys = (keys: readonly string[]): Sql =>
  sql('key in (select value from json_each(?))', JSON.stringify(keys))

/** What a document of the source must fulfil besides; null: nothing, which is known where nothing ever expires. */
function filterOf({ statements, search, now, part }: FinderOptions, bounds: QueryBounds): Sql | null {
  const { alternatives } = search.query
  const isImplied = part?.kind === 'equal' && alternatives.length === 1 && alternatives[0]!.length === 1
  const conditions = isImplied ? null : compileAlternatives(alternatives)
  const mayExpire =
    statements.rows(sql('select 1 from documents where expires is not null limit 1')).length > 0
  const live = mayExpire ? sql('(expires is null or expires > ?)', now) : null
  if (conditions === null) return live
  return and(live, or([sql('length(value) > ?', bounds.largestInSql), conditions]))
}
