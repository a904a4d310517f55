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

/** As many of the largest items take a slice of the thread. */
const FEW_ROWS = 32

/** Goes through documents in the order of their keys. */
export class WalkFinder implements Finder {
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
    const step = this.#filter ? this.#filtered(atMost, this.#filter) : this.#all(atMost)
    if (step.reached !== null) this.#after = step.reached
    return step
  }

  #all(atMost: number): Step {
    const keys = this.#keys()
    const started = performance.now()
    const limit = this.#rowsToRead(keys, Math.min(atMost, this.#size.rows))
    const items = this.#read(keys, limit)
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
    for (const { key, text, bytes } of this.#walk(filter)) {
      reached = key
      if (text !== null && this.#matches(text, bytes)) items.push({ key, text })
      if (items.length === atMost || performance.now() > until) return { items, reached, isEnd: false }
    }
    return { items, reached, isEnd: true }
  }

  *#walk(filter: Sql): Generator<Walked> {
    const { statements, lookEvery, onLooked } = this.#options
    const keys = this.#keys()
    const { text, values } = this.#source
    const statement = statements.compile(
      `select key, case when ${filter.text} then json(value) end as text, length(value) as bytes from ${text} and ${keys.text}
        and (${filter.text} or length(value) > ? or random() & ${lookEvery - 1} = 0) order by key ${this.#direction}`,
    )
    const { largestUnseen } = this.#bounds
    const all = [...filter.values, ...values, ...keys.values, ...filter.values, largestUnseen]
    for (const row of statement.iterate(...all)) {
      const walked = row as Walked
      const isSeenAnyway = walked.bytes > largestUnseen
      if (isSeenAnyway) onLooked(1)
      else if (walked.text === null || lookEvery === 1) onLooked(lookEvery)
      yield walked
    }
  }

  #keys(): Sql {
    const { query, isDescending } = this.#options.search
    return compileKeys(query.range, this.#after, isDescending)
  }

  #matches(text: string, bytes: number): boolean {
    return isMatch(text, bytes, this.#options.search, this.#bounds)
  }

  /** How many of these rows one step may read, by their bytes. Few are read without a look at their sizes. */
  #rowsToRead(keys: Sql, most: number): number {
    const { text, values } = this.#source
    for (let rows = most; ; rows = Math.max(1, rows >> 1)) {
      if (rows <= FEW_ROWS) return rows
      const [[bytes]] = this.#options.statements.rows<[number | null]>({
        text: `select sum(length(value)) from
          (select value from ${text} and ${keys.text} order by key ${this.#direction} limit ?)`,
        values: [...values, ...keys.values, rows],
      }) as [[number | null]]
      if ((bytes ?? 0) <= this.#bounds.bytesAStep) return rows
    }
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

interface Walked {
  readonly key: string
  /** Null: it does not match. */
  readonly text: string | null
  readonly bytes: number
}

/** Of a document that SQLite has found: it gives large ones unseen. */
const isMatch = (text: string, bytes: number, { query }: Search, { largestInSql }: QueryBounds): boolean =>
  bytes <= largestInSql || matchesDocument(JSON.parse(text) as Json, query.alternatives)

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
    const rows = statements.rows<[string, string, number]>({
      text: `select key, json(value), length(value) from documents where base = ? and ${where.text} order by key ${search.isDescending ? 'desc' : 'asc'} limit ?`,
      values: [search.base, ...where.values, atMost],
    })
    this.#size.adapt(performance.now() - started)
    const items = rows
      .filter(([, text, bytes]) => isMatch(text, bytes, search, this.#bounds))
      .map(([key, text]) => ({ key, text }))
    const reached = (rows.length === atMost ? rows.at(-1)![0] : chunk.at(-1)) ?? null
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
function filterOf({ search, now, part, mayExpire }: FinderOptions, bounds: QueryBounds): Sql | null {
  const { alternatives } = search.query
  const isImplied = part?.kind === 'equal' && alternatives.length === 1 && alternatives[0]!.length === 1
  const conditions = isImplied ? null : compileAlternatives(alternatives)
  const live = mayExpire ? sql('(expires is null or expires > ?)', now) : null
  if (conditions === null) return live
  return and(live, or([sql('length(value) > ?', bounds.largestInSql), conditions]))
}
