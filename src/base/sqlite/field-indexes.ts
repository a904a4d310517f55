import type { Database } from 'bun:sqlite'
import type { Path } from '../query/condition.ts'
import type { Statement } from './maintenance-task.ts'
import { literal } from './sql-text.ts'
import { type IndexKind, indexedExpression } from './wanted-indexes.ts'

export interface IndexLimits {
  /** Each one is kept up by every write of its base. */
  readonly most: number
  /** An index that no query used for this long is dropped. */
  readonly unusedMs: number
  /** A slow query is one that looked at this many documents; from the second one on, its attribute gets an index. */
  readonly slowDocuments: number
  /** From this many on, at once. */
  readonly verySlowDocuments: number
  /** The documents that a query looks at are not counted, but one of so many is seen. A power of 2. */
  readonly lookEvery: number
}

export const DEFAULT_INDEX_LIMITS: IndexLimits = {
  most: 16,
  unusedMs: 30 * 86_400_000,
  slowDocuments: 500,
  verySlowDocuments: 20_000,
  lookEvery: 64,
}

/** Attributes that are counted; more would be of an app that makes up names. */
const MOST_COUNTED = 200

interface Field {
  readonly id: number
  readonly base: string
  readonly kind: IndexKind
  readonly path: string
  asked: number
  usedAt: number
  state: 'none' | 'changing' | 'made'
}

export interface FieldIndexesOptions {
  readonly database: Database
  readonly limits: IndexLimits
  readonly now: () => number
  /** Runs statements in another thread, while no transaction of this one is open. */
  readonly change: (statements: readonly Statement[]) => Promise<void>
}

/** Indexes on the attributes that apps ask for: counted, made, and dropped when no query uses them. */
export class FieldIndexes {
  readonly #options: FieldIndexesOptions
  readonly #fields = new Map<string, Field>()
  #lastId = 0
  #isChanged = false

  constructor(options: FieldIndexesOptions) {
    this.#options = options
    const rows = options.database
      .query('select id, base, kind, path, asked, used_at, is_made from field_indexes')
      .values() as [number, string, IndexKind, string, number, number, number][]
    for (const [id, base, kind, path, asked, usedAt, isMade] of rows) {
      this.#fields.set(nameOf(base, kind, path), {
        id,
        base,
        kind,
        path,
        asked,
        usedAt,
        state: isMade ? 'made' : 'none',
      })
      this.#lastId = Math.max(this.#lastId, id)
    }
  }

  /** The index to use for this; null: there is none. */
  find(base: string, kind: IndexKind, path: Path): string | null {
    const field = this.#fields.get(nameOf(base, kind, JSON.stringify(path)))
    if (field?.state !== 'made') return null
    field.usedAt = this.#options.now()
    this.#isChanged = true
    return indexName(field)
  }

  /** A query without an index has looked at many documents. */
  ask(base: string, kind: IndexKind, path: Path, isVerySlow: boolean): void {
    const field = this.#count(base, kind, JSON.stringify(path))
    if (field?.state !== 'none' || (field.asked < 2 && !isVerySlow)) return
    if (this.#made() >= this.#options.limits.most) return
    void this.#make(field)
  }

  /** Whether there are counts that the file does not have. */
  get isChanged(): boolean {
    return this.#isChanged
  }

  /** Writes the counts; part of a transaction. */
  save(): void {
    this.#isChanged = false
    const insert = this.#options.database.query(SAVE)
    for (const field of this.#fields.values()) if (field.state !== 'changing') insert.run(...rowOf(field))
  }

  /** Drops what no query has used for long. */
  async prune(): Promise<void> {
    const before = this.#options.now() - this.#options.limits.unusedMs
    const unused = [...this.#fields].filter(
      ([, { usedAt, state }]) => usedAt < before && state !== 'changing',
    )
    if (unused.length === 0) return
    for (const [name] of unused) this.#fields.delete(name)
    await this.#options.change(
      unused.flatMap(([, field]) => [
        { text: `drop index if exists ${indexName(field)}` },
        { text: 'delete from field_indexes where id = ?', values: [field.id] },
      ]),
    )
  }

  #count(base: string, kind: IndexKind, path: string): Field | null {
    const name = nameOf(base, kind, path)
    const known = this.#fields.get(name)
    if (!known && this.#fields.size >= MOST_COUNTED) return null
    const field = known ?? { id: (this.#lastId += 1), base, kind, path, asked: 0, usedAt: 0, state: 'none' }
    this.#fields.set(name, field)
    field.asked += 1
    this.#isChanged = true
    field.usedAt = this.#options.now()
    return field
  }

  #made(): number {
    return [...this.#fields.values()].filter(({ state }) => state !== 'none').length
  }

  async #make(field: Field): Promise<void> {
    field.state = 'changing'
    const expression = indexedExpression(field.kind, JSON.parse(field.path) as Path)
    try {
      await this.#options.change([
        { text: 'begin immediate' },
        {
          text: `create index ${indexName(field)} on documents (${expression}) where base = ${literal(field.base)}`,
        },
        { text: SAVE, values: rowOf({ ...field, state: 'made' }) },
        { text: 'commit' },
      ])
      field.state = 'made'
    } catch {
      // Asked for again by the next slow queries. `change` has logged why.
      field.state = 'none'
      field.asked = 0
    }
  }
}

const SAVE = `insert into field_indexes (id, base, kind, path, asked, used_at, is_made) values (?, ?, ?, ?, ?, ?, ?)
  on conflict (id) do update set asked = excluded.asked, used_at = excluded.used_at, is_made = excluded.is_made`

const rowOf = ({ id, base, kind, path, asked, usedAt, state }: Field) =>
  [id, base, kind, path, asked, usedAt, state === 'made' ? 1 : 0] as [
    number,
    string,
    string,
    string,
    number,
    number,
    number,
  ]

const nameOf = (base: string, kind: IndexKind, path: string): string => `${kind} ${path} ${base}`

const indexName = ({ id }: Field): string => `field_${id}`
