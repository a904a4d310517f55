import type { Finder, FoundItem, Search, Step } from '../documents.ts'
import { compileAlternatives } from './compile-condition.ts'
import { compileKeys } from './compile-range.ts'
import { ChunkSize } from './chunk-size.ts'
import { type Sql, and, literal, sql } from './sql-text.ts'
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

/** Goes through documents in the order of their keys, chunk by chunk. */
export class ChunkFinder implements Finder {
  readonly #options: FinderOptions
  readonly #size = new ChunkSize()
  readonly #source: Sql
  /** Null: all documents of the source match, so that a chunk needs no bound but its number of rows. */
  readonly #filter: Sql | null
  readonly #direction: 'asc' | 'desc'
  #after: string | null

  constructor(options: FinderOptions) {
    this.#options = options
    const { search, part } = options
    const base = `base = ${literal(search.base)}`
    this.#source = part
      ? sql(`documents indexed by ${part.index} where ${base} and ${part.sql.text}`, ...part.sql.values)
      : sql(`documents where ${base}`)
    this.#filter = filterOf(options)
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
    const limit = Math.min(atMost, this.#size.rows)
    const items = this.#read([this.#keys()], limit)
    return { items, reached: items.at(-1)?.key ?? null, isEnd: items.length < limit }
  }

  #filtered(atMost: number, filter: Sql): Step {
    const keys = this.#keys()
    const bound = this.#bound(keys)
    const sign = this.#direction === 'asc' ? '<=' : '>='
    const items = this.#read([keys, bound === null ? null : sql(`key ${sign} ?`, bound), filter], atMost)
    this.#options.onLooked(this.#size.rows)
    // The chunk may have more of them.
    if (items.length === atMost) return { items, reached: items.at(-1)!.key, isEnd: false }
    return { items, reached: bound, isEnd: bound === null }
  }

  #keys(): Sql {
    const { query, isDescending } = this.#options.search
    return compileKeys(query.range, this.#after, isDescending)
  }

  /** The last key of the chunk; null: fewer documents are left. */
  #bound(keys: Sql): string | null {
    const { text, values } = this.#source
    const [row] = this.#options.statements.rows<[string]>({
      text: `select key from ${text} and ${keys.text} order by key ${this.#direction} limit 1 offset ?`,
      values: [...values, ...keys.values, this.#size.rows - 1],
    })
    return row?.[0] ?? null
  }

  #read(conditions: readonly (Sql | null)[], limit: number): FoundItem[] {
    const where = and(...conditions)
    const { text, values } = this.#source
    const rows = this.#options.statements.rows<[string, string]>({
      text: `select key, json(value) from ${text} and ${where.text} order by key ${this.#direction} limit ?`,
      values: [...values, ...where.values, limit],
    })
    return rows.map(([key, text]) => ({ key, text }))
  }
}

/** Goes through given keys. */
export class KeyFinder implements Finder {
  readonly #options: FinderOptions
  readonly #size = new ChunkSize()
  readonly #keys: readonly string[]
  #at = 0

  constructor(options: FinderOptions, keys: readonly string[]) {
    this.#options = options
    this.#keys = options.search.isDescending ? keys.toReversed() : keys
  }

  next(atMost: number): Step {
    const { statements, search } = this.#options
    const chunk = this.#keys.slice(this.#at, this.#at + this.#size.rows)
    const where = and(
      sql('key in (select value from json_each(?))', JSON.stringify(chunk)),
      filterOf(this.#options),
    )
    const started = performance.now()
    const rows = statements.rows<[string, string]>({
      text: `select key, json(value) from documents where base = ? and ${where.text} order by key ${search.isDescending ? 'desc' : 'asc'} limit ?`,
      values: [search.base, ...where.values, atMost],
    })
    this.#size.adapt(performance.now() - started)
    const items = rows.map(([key, text]) => ({ key, text }))
    const reached = (items.length === atMost ? items.at(-1)?.key : chunk.at(-1)) ?? null
    this.#at = reached === null ? this.#keys.length : this.#keys.indexOf(reached, this.#at) + 1
    return { items, reached, isEnd: this.#at >= this.#keys.length }
  }
}

/** What a document of the source must fulfil besides; null: nothing, which is known where nothing ever expires. */
function filterOf({ statements, search, now, part }: FinderOptions): Sql | null {
  const { alternatives } = search.query
  const isImplied = part?.kind === 'equal' && alternatives.length === 1 && alternatives[0]!.length === 1
  const conditions = isImplied ? null : compileAlternatives(alternatives)
  const mayExpire =
    statements.rows(sql('select 1 from documents where expires is not null limit 1')).length > 0
  const live = mayExpire ? sql('(expires is null or expires > ?)', now) : null
  return conditions || live ? and(live, conditions) : null
}
