import type { Json } from '../items/json.ts'

/** The values of a statement, in the order of their numbers. Each says its type, which the driver would guess. */
export class Parameters {
  readonly values: unknown[] = []

  text(value: string): string {
    return `${this.#next(value)}::text`
  }

  json(value: Json): string {
    return this.jsonText(JSON.stringify(value))
  }

  jsonText(text: string): string {
    return `${this.#next(text)}::text::jsonb`
  }

  number(value: number | null): string {
    return `${this.#next(value === null ? null : String(value))}::text::double precision`
  }

  #next(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}
