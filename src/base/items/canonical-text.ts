import { canonicalItem } from './canonical.ts'
import type { JsonObject } from './json.ts'

/** The text of a stored item as every store takes it: PostgreSQL gives members in an order of its own. */
export const canonicalText = (text: string): string =>
  JSON.stringify(canonicalItem(JSON.parse(text) as JsonObject))
