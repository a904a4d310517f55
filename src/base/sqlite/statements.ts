import type { Database, SQLQueryBindings, Statement } from 'bun:sqlite'
import type { Sql } from './sql-text.ts'

type Compiled = Statement<unknown, SQLQueryBindings[]>

/** More would be of queries that are asked once. */
const MOST = 100

/** Compiled statements of one connection, the least used ones left out. */
export class Statements {
  readonly #database: Database
  readonly #compiled = new Map<string, Compiled>()

  constructor(database: Database) {
    this.#database = database
  }

  rows<Row extends unknown[]>({ text, values }: Sql): Row[] {
    return this.compile(text).values(...(values as SQLQueryBindings[])) as Row[]
  }

  compile(text: string): Compiled {
    const known = this.#compiled.get(text)
    if (known) {
      this.#compiled.delete(text)
      this.#compiled.set(text, known)
      return known
    }
    const compiled = this.#database.prepare<unknown, SQLQueryBindings[]>(text)
    this.#compiled.set(text, compiled)
    if (this.#compiled.size > MOST) this.#drop(this.#compiled.keys().next().value!)
    return compiled
  }

  #drop(text: string): void {
    this.#compiled.get(text)?.finalize()
    this.#compiled.delete(text)
  }

  [Symbol.dispose](): void {
    for (const text of this.#compiled.keys()) this.#drop(text)
  }
}
