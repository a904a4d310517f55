import type { SQL } from 'bun'
import type { Documents, Finder, Search, Step } from '../documents.ts'
import { BaseFault } from '../fault.ts'
import type { StoredItem } from '../items/item.ts'
import { writeCopy } from '../sqlite/write-copy.ts'
import { compileAlternatives, compileKeys } from './compile-condition.ts'
import { Parameters } from './parameters.ts'

export interface PostgresDocumentsOptions {
  readonly client: SQL
  readonly collectionId: string
  readonly collectionBytes: number
  readonly now: () => number
}

type Rows = readonly Record<string, unknown>[]

/** Rows of one step of a search; more could be large documents. */
const STEP_ROWS = 200
const SWEPT_AT_ONCE = 1_000

/** The documents of one collection in a table of PostgreSQL. */
export class PostgresDocuments implements Documents {
  readonly #options: PostgresDocumentsOptions

  constructor(options: PostgresDocumentsOptions) {
    this.#options = options
  }

  async get(base: string, key: string): Promise<string | null> {
    const parameters = new Parameters()
    const rows = await this.#run(
      `select value::text as text from base_documents where ${this.#one(base, key, parameters)} and ${this.#live(parameters)}`,
      parameters,
    )
    return (rows[0]?.text as string | undefined) ?? null
  }

  async put(base: string, items: readonly StoredItem[]): Promise<void> {
    await this.#requireRoom()
    const parameters = new Parameters()
    // In one order: two calls that put the same keys would wait for each other.
    const sorted = items.toSorted((a, b) => (a.key < b.key ? -1 : 1))
    const rows = sorted.map((item) => this.#row(base, item, parameters))
    await this.#run(`${INSERT} values ${rows.join()} ${ON_CONFLICT}`, parameters)
  }

  async insert(base: string, item: StoredItem): Promise<boolean> {
    await this.#requireRoom()
    const parameters = new Parameters()
    const row = this.#row(base, item, parameters)
    const rows = await this.#run(
      `${INSERT} values ${row} ${ON_CONFLICT} where not ${this.#live(parameters)} returning 1 as made`,
      parameters,
    )
    return rows.length > 0
  }

  async remove(base: string, key: string): Promise<void> {
    const parameters = new Parameters()
    await this.#run(`delete from base_documents where ${this.#one(base, key, parameters)}`, parameters)
  }

  async change(base: string, key: string, change: (text: string) => StoredItem): Promise<boolean> {
    await this.#requireRoom()
    return await this.#options.client.begin(async (transaction) => {
      const found = new Parameters()
      const one = this.#one(base, key, found)
      const [row] = await run(
        transaction,
        `select value::text as text from base_documents where ${one} and ${this.#live(found)} for update`,
        found,
      )
      if (!row) return false
      const item = change(row.text as string)
      const parameters = new Parameters()
      await run(
        transaction,
        `${INSERT} values ${this.#row(base, item, parameters)} ${ON_CONFLICT}`,
        parameters,
      )
      return true
    })
  }

  find(search: Search): Finder {
    let after = search.after
    return {
      next: async (atMost) => {
        const step = await this.#step(search, after, Math.min(atMost, STEP_ROWS))
        after = step.reached ?? after
        return step
      },
    }
  }

  async #step({ base, query, isDescending }: Search, after: string | null, limit: number): Promise<Step> {
    const parameters = new Parameters()
    const where = [
      this.#in(base, parameters),
      ...compileKeys(query.range, { key: after, isDescending }, parameters),
      compileAlternatives(query.alternatives, parameters) ?? 'true',
      this.#live(parameters),
    ]
    const rows = await this.#run(
      `select key, value::text as text from base_documents where ${where.join(' and ')}
        order by key ${isDescending ? 'desc' : 'asc'} limit ${limit}`,
      parameters,
    )
    const items = rows.map(({ key, text }) => ({ key: key as string, text: text as string }))
    return { items, reached: items.at(-1)?.key ?? null, isEnd: items.length < limit }
  }

  async names(): Promise<string[]> {
    const parameters = new Parameters()
    const rows = await this.#run(
      `select distinct base from base_documents where collection = ${parameters.text(this.#options.collectionId)} order by base`,
      parameters,
    )
    return rows.map(({ base }) => base as string)
  }

  async bytes(): Promise<number> {
    const parameters = new Parameters()
    const collection = parameters.text(this.#options.collectionId)
    const [row] = await this.#run(
      `select coalesce(sum(pg_column_size(base_documents.*)), 0)::text as bytes from base_documents where collection = ${collection}`,
      parameters,
    )
    return Number(row!.bytes)
  }

  /** As a SQLite file, which the other implementation opens. */
  async copyTo(folder: string): Promise<void> {
    await this.#options.client.begin('isolation level repeatable read read only', async (transaction) => {
      await writeCopy(folder, (after) => this.#nextOfAll(transaction, after))
    })
  }

  async #nextOfAll(client: SQL, after: { base: string; key: string } | null) {
    const parameters = new Parameters()
    const collection = `collection = ${parameters.text(this.#options.collectionId)}`
    const behind = after
      ? ` and (base, key) > (${parameters.text(after.base)}, ${parameters.text(after.key)})`
      : ''
    const rows = await run(
      client,
      `select base, key, value::text as text, expires from base_documents where ${collection}${behind} order by base, key limit ${STEP_ROWS}`,
      parameters,
    )
    return rows as unknown as (StoredItem & { readonly base: string })[]
  }

  async eraseAll(): Promise<void> {
    const parameters = new Parameters()
    await this.#run(
      `delete from base_documents where collection = ${parameters.text(this.#options.collectionId)}`,
      parameters,
    )
  }

  async sweep(before: number): Promise<void> {
    let swept: number
    do {
      const parameters = new Parameters()
      const rows = await this.#run(
        `delete from base_documents where (collection, base, key) in (
          select collection, base, key from base_documents
          where collection = ${parameters.text(this.#options.collectionId)} and expires <= ${parameters.number(before)}
          limit ${SWEPT_AT_ONCE}) returning 1 as swept`,
        parameters,
      )
      swept = rows.length
    } while (swept >= SWEPT_AT_ONCE)
  }

  async #requireRoom(): Promise<void> {
    const { collectionBytes } = this.#options
    if (collectionBytes !== Number.POSITIVE_INFINITY && (await this.bytes()) > collectionBytes)
      throw new BaseFault(
        507,
        'This collection is full. Delete items that are no longer needed, then try again.',
      )
  }

  #in(base: string, parameters: Parameters): string {
    return `collection = ${parameters.text(this.#options.collectionId)} and base = ${parameters.text(base)}`
  }

  #one(base: string, key: string, parameters: Parameters): string {
    return `${this.#in(base, parameters)} and key = ${parameters.text(key)}`
  }

  #live(parameters: Parameters): string {
    const expires = 'base_documents.expires'
    return `(${expires} is null or ${expires} > ${parameters.number(this.#options.now() / 1_000)})`
  }

  #row(base: string, { key, text, expires }: StoredItem, parameters: Parameters): string {
    const { collectionId } = this.#options
    return `(${parameters.text(collectionId)}, ${parameters.text(base)}, ${parameters.text(key)}, ${parameters.jsonText(text)}, ${parameters.number(expires)})`
  }

  #run(text: string, parameters: Parameters): Promise<Rows> {
    return run(this.#options.client, text, parameters)
  }
}

const INSERT = 'insert into base_documents (collection, base, key, value, expires)'
const ON_CONFLICT = `on conflict (collection, base, key) do update set value = excluded.value, expires = excluded.expires`

async function run(client: SQL, text: string, { values }: Parameters): Promise<Rows> {
  return (await client.unsafe(text, values)) as Rows
}
