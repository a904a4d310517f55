import { MAX_MULTI_STAR_RULES, MAX_RULES } from '../limits.ts'
import { coverOf } from './pattern-subsumes.ts'
import { parsePattern, trimmed, type Pattern } from './pattern.ts'
import { fold } from './equivalent-paths.ts'
import type { RouteDiagnostic } from '../types.ts'

interface Entry {
  readonly index: number
  readonly entry: string
  readonly pattern: string
  readonly parsed: Pattern
  /** Whether it matches everything that another pattern matches. */
  readonly covers: (other: Pattern) => boolean
}

/**
 * What is wrong or surprising about a list of route patterns, for the person who wrote it. Errors are patterns that
 * will not be honoured; everything else is a warning.
 */
export function diagnoseRoutes(patterns: readonly string[]): RouteDiagnostic[] {
  const entries = patterns.map((entry, index): Entry => {
    const parsed = parsePattern(entry)
    const covers = parsed.kind === 'invalid' ? () => false : coverOf(parsed)
    return { index, entry, pattern: trimmed(entry), parsed, covers: (o) => o.kind !== 'invalid' && covers(o) }
  })
  return [...entries.flatMap((entry) => diagnoseOne(entry, entries)), ...diagnoseNumber(entries)].sort(
    (a, b) => a.index - b.index,
  )
}

function diagnoseOne(one: Entry, all: readonly Entry[]): RouteDiagnostic[] {
  if (one.parsed.kind === 'invalid') return [error(one, one.parsed.message, one.parsed.hint)]
  const found = CHECKS.map((check) => check(one, all)).filter((warning) => warning !== null)
  return found.map(([message, hint]) => ({ ...warningOf(one), message, hint }))
}

type Check = (one: Entry, all: readonly Entry[]) => [message: string, hint: string] | null

const CHECKS: readonly Check[] = [
  ({ entry, pattern }) =>
    entry.trim() === entry ? null : ['blanks around a pattern are ignored', `write "${pattern}"`],

  ({ pattern }) =>
    pattern.includes('/:') ? [`":" has no meaning in a pattern`, 'use * for a part that varies'] : null,

  ({ pattern }) =>
    isEverything(pattern)
      ? [
          'this matches every path of the micro',
          'if that is not intended, list the paths, such as "/public/*"',
        ]
      : null,

  ({ pattern }) =>
    pattern === '/_next/*'
      ? ['this also matches /_next/image, which fetches other paths of the app', 'use "/_next/static/*"']
      : null,

  ({ pattern }) =>
    pattern === '/_app/*'
      ? ['this also matches /_app/remote, which calls functions of the server', 'use "/_app/immutable/*"']
      : null,

  (one, all) => {
    const sibling = all.find(({ pattern }) => pattern !== one.pattern && fold(pattern) === fold(one.pattern))
    return sibling === undefined
      ? null
      : [
          `this differs from "${sibling.pattern}" in upper and lower case only`,
          'many servers answer both alike; keep one',
        ]
  },

  (one, all) => {
    const wider = all.find((other) => other !== one && isCovered(one, other))
    return wider === undefined
      ? null
      : [`"${wider.pattern}" already matches all of this`, 'remove one of them']
  },
]

const isEverything = (pattern: string): boolean => pattern === '/*' || pattern === '/**'

/** Of two equal patterns, the later one counts as covered. */
const isCovered = (one: Entry, other: Entry): boolean =>
  other.covers(one.parsed) && (!one.covers(other.parsed) || other.index < one.index)

function diagnoseNumber(entries: readonly Entry[]): RouteDiagnostic[] {
  const multiStar = entries.filter(({ parsed }) => parsed.kind === 'wild' && parsed.middle.length > 0)
  const surplus = entries.slice(MAX_RULES).slice(0, 1)
  const scanned = multiStar.slice(MAX_MULTI_STAR_RULES).slice(0, 1)
  return [
    ...surplus.map((one) =>
      error(one, `there are more than ${MAX_RULES} patterns`, 'combine some of them with *'),
    ),
    ...scanned.map((one) =>
      error(
        one,
        `more than ${MAX_MULTI_STAR_RULES} patterns have several stars`,
        'use one star where one is enough',
      ),
    ),
  ]
}

const error = ({ index, entry }: Entry, message: string, hint: string): RouteDiagnostic => ({
  severity: 'error',
  index,
  pattern: entry,
  message,
  hint,
})

const warningOf = ({ index, entry }: Entry) => ({ severity: 'warning', index, pattern: entry }) as const
