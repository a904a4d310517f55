import { parsePattern } from '../rules/pattern.ts'
import { honouredRules, placeOf } from '../rules/rules.ts'
import type { MicroRoutes } from '../types.ts'

/** A restriction by the owner of an app on what its Spacefile opens. */
export interface Override {
  /** The micro that serves the paths. */
  readonly micro: string
  /**
   * `close`: this public rule does not count, in whichever micro's Spacefile entry it stands; `private`: what the
   * pattern matches is private.
   */
  readonly kind: 'close' | 'private'
  /** Below the micro's mount. */
  readonly pattern: string
}

/**
 * The micros with the owner's restrictions applied. Never opens anything: a rule beyond the bounds does not replace one
 * that was closed.
 */
export function applyOverrides<M extends MicroRoutes>(
  micros: readonly M[],
  overrides: readonly Override[],
): M[] {
  if (overrides.length === 0) return [...micros]
  const closed = new Set(overrides.filter(({ kind }) => kind === 'close').map(nameOf))
  const kept = new Set(
    entriesByMicro(micros)
      .flatMap((entries) => honouredRules(entries).map(({ rule }) => rule))
      .filter(({ micro, pattern }) => !closed.has(nameOf({ micro: micro.name, pattern })))
      .map(({ source, index }) => `${index} ${source.name}`),
  )
  return micros.map((micro) => ({
    ...micro,
    publicRoutes: micro.publicRoutes.filter((_, index) => kept.has(`${index} ${micro.name}`)),
    privateRoutes: [
      ...micro.privateRoutes,
      ...overrides.filter((one) => one.kind === 'private' && one.micro === micro.name).map(patternOf),
    ],
  }))
}

/** All entries of `public_routes`, by the micro that they govern, in the order in which they count. */
function entriesByMicro(micros: readonly MicroRoutes[]) {
  const entries = micros.flatMap((source) =>
    source.publicRoutes.map((entry, index) => ({ ...placeOf(entry, source, micros), source, index })),
  )
  return micros.map((micro) => entries.filter((entry) => entry.micro === micro))
}

/** A key that is the same for every spelling of a pattern. */
const nameOf = ({ micro, pattern }: Pick<Override, 'micro' | 'pattern'>): string =>
  JSON.stringify([micro, parsePattern(pattern)])

const patternOf = ({ pattern }: Override): string => pattern
