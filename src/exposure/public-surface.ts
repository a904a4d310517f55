import {
  type ExposedRoute,
  type Override,
  assignRules,
  surfaceOf,
  warnAboutExposure,
} from '../access/index.ts'
import type { AppsTables } from '../projects/index.ts'
import { type ExposedRule, type Instance, effectiveMicros, listExposedRules } from '../instances/index.ts'
import { type Use, usesOf } from './usage.ts'
import { withMount } from './push-exposure.ts'
import type { Database } from '../storage/index.ts'
import { isoTime } from '../kernel/iso-time.ts'

const UNUSED_AFTER_MS = 90 * 24 * 60 * 60 * 1_000

/** The public routes of an instance, since when they are open and when they were last used. */
export async function surfaceAnswer(db: Database<AppsTables>, instance: Instance, nowMs: number) {
  const { micros, overrides } = instance
  const judged = effectiveMicros(instance)
  const open = surfaceOf(judged).routes
  const closed = surfaceOf(micros).routes.filter((route) => !open.some(isSameRule(route)))
  const exposed = await listExposedRules(db, instance.id)
  const uses = await usesOf(db, instance.id, 'rule')
  const routeAnswer = (route: ExposedRoute, state: 'open' | 'closed') => {
    const since = state === 'open' ? exposed.find(isSameRule(route)) : undefined
    const use = uses.get(`${route.micro} ${route.pattern}`)
    return {
      ...withMount(route, micros),
      state,
      since: since ? isoTime(since.sinceMs) : null,
      last_used_at: use ? isoTime(use.lastAtMs) : null,
      uses: use?.count ?? 0,
      advice: isUnused(since, use, nowMs) ? ('unused' as const) : null,
    }
  }
  return {
    routes: [
      ...open.map((route) => routeAnswer(route, 'open')),
      ...closed.map((route) => routeAnswer(route, 'closed')),
    ],
    private: [
      ...assignRules(micros).flatMap(({ micro, privateRules }) =>
        privateRules.map(({ pattern }) => ({ micro, pattern, by: 'spacefile' as const })),
      ),
      ...overrides.filter(isPrivate).map(({ micro, pattern }) => ({ micro, pattern, by: 'owner' as const })),
    ],
    keys_on: micros.filter(({ apiKeys }) => apiKeys).map(({ name }) => name),
    warnings: warnAboutExposure(judged),
    overrides,
  }
}

interface RuleName {
  readonly micro: string
  readonly pattern: string
}

const isSameRule = (a: RuleName) => (b: RuleName) => a.micro === b.micro && a.pattern === b.pattern

const isPrivate = ({ kind }: Override): boolean => kind === 'private'

/** Uses before a rule was closed and opened again do not count. */
const isUnused = (rule: ExposedRule | undefined, use: Use | undefined, nowMs: number): boolean =>
  rule !== undefined &&
  nowMs - rule.sinceMs >= UNUSED_AFTER_MS &&
  (use === undefined || use.lastAtMs < rule.sinceMs)
