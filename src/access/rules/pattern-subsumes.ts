import { addRule, createRuleIndex, findRule } from './rule-index.ts'
import type { Pattern, WildPattern } from './pattern.ts'
import { fold, isExcepted } from './equivalent-paths.ts'

type Valid = Exclude<Pattern, { kind: 'invalid' }>

/**
 * Placeholder for a star of the narrower pattern: it occurs in no path, so only a star of the wider one can match it.
 */
const STAR = '\0'

/**
 * Whether `wide` matches everything that `narrow` matches. True is always correct; false may be wrong in rare cases.
 */
export const covers = (wide: Valid, narrow: Valid): boolean => coverOf(wide)(narrow)

/** The same, for one `wide` and many others. */
export function coverOf(wide: Valid): (narrow: Valid) => boolean {
  const index = createRuleIndex<true>()
  addRule(index, wide, true)
  return (narrow) => findRule(index, asText(narrow), (not) => meetsException(not, wide, narrow)) !== null
}

const asText = (pattern: Valid): string =>
  pattern.kind === 'exact' ? pattern.text : [pattern.head, ...pattern.middle, pattern.tail].join(STAR)

/** Whether something that `narrow` matches is excepted by `wide`. */
function meetsException(not: readonly string[], wide: Valid, narrow: Valid): boolean {
  const head = wide.kind === 'wild' ? wide.head : wide.text
  if (narrow.kind === 'exact') return isExcepted(not, narrow.text.slice(head.length))
  const rest = fold(narrow.head.slice(head.length))
  return not.some((start) => {
    const isExceptedThere = narrow.not.some((other) => start.startsWith(rest + other))
    return (rest.startsWith(start) || start.startsWith(rest)) && !isExceptedThere
  })
}

/** Whether some path may match both. False is always correct. */
export function mayMeet(a: Valid, b: Valid): boolean {
  if (a.kind === 'exact') return b.kind === 'exact' ? a.text === b.text : covers(withoutExceptions(b), a)
  if (b.kind === 'exact') return mayMeet(b, a)
  const headsMeet = a.head.startsWith(b.head) || b.head.startsWith(a.head)
  const tailsMeet = a.tail.endsWith(b.tail) || b.tail.endsWith(a.tail)
  return headsMeet && tailsMeet
}

const withoutExceptions = (pattern: WildPattern): WildPattern => ({ ...pattern, not: [] })
