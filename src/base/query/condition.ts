import type { Json } from '../items/json.ts'

/** Names of members, from the item inwards. */
export type Path = readonly string[]

export type Order = 'lt' | 'lte' | 'gt' | 'gte'

/** A test of one attribute. Values are canonical and as they are stored. */
export type Condition =
  | { readonly op: 'eq' | 'ne'; readonly path: Path; readonly value: Json }
  | { readonly op: Order; readonly path: Path; readonly value: number | string }
  | { readonly op: 'pfx'; readonly path: Path; readonly value: string }
  | { readonly op: 'r'; readonly path: Path; readonly low: number | string; readonly high: number | string }
  | { readonly op: 'contains' | 'not_contains'; readonly path: Path; readonly value: Json }

/** Keys that a query looks at, in byte order. */
export interface KeyRange {
  readonly from?: KeyEnd
  readonly to?: KeyEnd
  readonly not?: string
}

export interface KeyEnd {
  readonly key: string
  readonly isIncluded: boolean
}

export interface Query {
  readonly range: KeyRange
  /** One of these must hold, each with all its conditions. None: every item matches. */
  readonly alternatives: readonly (readonly Condition[])[]
}
