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
  /** Whether any document may expire. */
  readonly mayExpire: boolean
  /** Where documents come from, in the order of their keys; null: all of the base. */
  readonly part: IndexPart | null
  /** Of this many documents that do not match (a power of 2), about one is seen. */
  readonly lookEvery: number
  /** How many more documents were looked at, about. */
  readonly onLooked: (count: number) => void
}

/** Without a turn for others, a walk may take this long. */
const STEP_MS = 2

/** Goes through documents in the order of their keys. */
export class WalkFinder implements Finder {
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
    const step = this.#filter ? this.#filtered(atMost, this.#filter) : this.#all(atMost)
    if (step.reached !== null) this.#after = step.reached
    return step
  }

  #all(atMost: number): Step {
    const limit = Math.min(atMost, this.#size.rows)
    const started = performance.now()
    const items = this.#read(this.#keys(), limit)
    this.#size.adapt(performance.now() - started)
    return { items, reached: items.at(-1)?.key ?? null, isEnd: items.length < limit }
  }

  /**
   * One statement looks at document after document. It gives those that match and, so that it can be left off before it
   * takes too long, some others without their text.
   */
  #filtered(atMost: number, filter: Sql): Step {
    const until = performance.now() + STEP_MS
    const items: FoundItem[] = []
    let reached: string | null = null
    for (const { key, text } of this.#walk(filter)) {
      reached = key
      if (text !== null) items.push({ key, text })
      if (items.length === atMost || performance.now() > until) return { items, reached, isEnd: false }
    }
    return { items, reached, isEnd: true }
  }

  *#walk(filter: Sql): Generator<{ key: string; text: string | null }> {
    const { statements, lookEvery, onLooked } = this.#options
    const keys = this.#keys()
    const { text, values } = this.#source
    const statement = statements.compile(
      `select key, case when ${filter.text} then json(value) end as text from ${text} and ${keys.text}
        and (${filter.text} or random() & ${lookEvery - 1} = 0) order by key ${this.#direction}`,
    )
    const all = [...filter.values, ...values, ...keys.values, ...filter.values]
    for (const row of statement.iterate(...all)) {
      const { key, text } = row as { key: string; text: string | null }
      if (text === null || lookEvery === 1) onLooked(lookEvery)
      yield { key, text }
    }
  }

  #keys(): Sql {
    const { query, isDescending } = this.#options.search
    return compileKeys(query.range, this.#after, isDescending)
  }

  #read(where: Sql, limit: number): FoundItem[] {
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
function filterOf({ search, now, part, mayExpire }: FinderOptions): Sql | null {
  const { alternatives } = search.query
  const isImplied = part?.kind === 'equal' && alternatives.length === 1 && alternatives[0]!.length === 1
  const conditions = isImplied ? null : compileAlternatives(alternatives)
  const live = mayExpire ? sql('(expires is null or expires > ?)', now) : null
  return conditions || live ? and(live, conditions) : null
}
