import type { Json, Util } from '../index.d.ts'

export class Change {
  readonly operation: 'delete' | 'increment' | 'append' | 'prepend'
  readonly value: unknown

  constructor(operation: Change['operation'], value: unknown) {
    this.operation = operation
    this.value = value
  }
}

export const util: Util = {
  trim: () => new Change('delete', undefined),
  increment: (by = 1) => new Change('increment', by),
  append: (value) => new Change('append', listOf(value)),
  prepend: (value) => new Change('prepend', listOf(value)),
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : [value])

/** The body of an update. */
export function updateOf(changes: Json): Record<string, unknown> {
  const update = { set: {}, increment: {}, append: {}, prepend: {}, delete: [] as string[] }
  for (const [name, value] of Object.entries(changes))
    if (!(value instanceof Change)) Object.assign(update.set, { [name]: value })
    else if (value.operation === 'delete') update.delete.push(name)
    else Object.assign(update[value.operation], { [name]: value.value })
  return update
}
