import { canonicalPath } from '../paths/canonical-path.ts'
import { belowMount, servingMicro } from '../paths/mounts.ts'
import { applyOverrides, type Override } from './overrides.ts'
import { surfaceOf } from './surface.ts'
import { isReservedPath } from '../paths/reserved-path.ts'
import type { MicroRoutes, PathVerdict, RefusalReason, Rule } from '../types.ts'

export interface ExplainInput {
  /** As in the Spacefile. */
  readonly micros: readonly MicroRoutes[]
  /** What the owner has closed of that. */
  readonly overrides?: readonly Override[]
  /** Path and query, as on the request line. */
  readonly target: string
  /** The reason of the refusal, if the explanation is about a refused request. */
  readonly reason?: RefusalReason
}

/** How a request is judged, and what would change the result. Never contains the value of a credential. */
export type Explanation =
  /** Always answered with 400. */
  | { readonly kind: 'malformed'; readonly why: string }
  /** `/__space`: answered by the platform. */
  | { readonly kind: 'reserved'; readonly path: string }
  | {
      readonly kind: 'judged'
      readonly path: string
      /** Why some servers would read the path differently, or null. */
      readonly ambiguity: string | null
      readonly micro: string
      readonly mount: string
      /** The path that the micro receives. */
      readonly below: string
      readonly verdict: PathVerdict
      /** The public rule that would open the path, and that the owner has closed. */
      readonly closed: Rule | null
      /** Who is let in. */
      readonly passes: { readonly anyone: boolean; readonly apiKey: boolean; readonly owner: true }
      /** Sentences: what would let the request in, or keep it out. */
      readonly ways: readonly string[]
    }

/** What `space access explain` and a refusal id show. */
export function explain({ micros, overrides = [], target, reason }: ExplainInput): Explanation {
  const canonical = canonicalPath(target)
  if (canonical.kind === 'malformed') return canonical
  const { path } = canonical
  if (isReservedPath(path)) return { kind: 'reserved', path }
  const micro = servingMicro(micros, path)
  if (micro === null) return { kind: 'malformed', why: 'the app has no primary micro' }
  const verdict = surfaceOf(applyOverrides(micros, overrides)).judge(path)
  const open = surfaceOf(micros).judge(path)
  const closed = verdict.kind === 'private' && open.kind === 'public' ? open.rule : null
  const anyone = verdict.kind === 'public'
  const below = belowMount(path, micro)
  return {
    kind: 'judged',
    path,
    ambiguity: canonical.why ?? null,
    micro: micro.name,
    mount: micro.mount,
    below,
    verdict,
    closed,
    passes: { anyone, apiKey: anyone || micro.apiKeys === true, owner: true },
    ways: [
      ...waysAfter(reason, micro.name),
      ...(anyone ? [] : credentialWays(micro, reason)),
      ...(closed === null ? waysFor(verdict, micro, below) : [reopening(verdict, closed)]),
    ],
  }
}

const waysFor = (verdict: PathVerdict, { name }: MicroRoutes, below: string): string[] =>
  verdict.kind === 'public' ? [closing(verdict.rule, name)] : opening(verdict, name, below)

function credentialWays({ name, apiKeys }: MicroRoutes, reason: RefusalReason | undefined): string[] {
  const signIn = 'sign in as the owner'
  // The sentences above cover a key that was presented.
  if (reason === 'key-not-enabled' || (apiKeys === true && reason?.startsWith('key-'))) return [signIn]
  return [
    signIn,
    apiKeys === true ? 'present an API key' : `set presets.api_keys of micro ${name}, and present an API key`,
  ]
}

/** The owner can reopen what the owner has closed. */
const reopening = (verdict: PathVerdict, { pattern }: Rule): string =>
  verdict.kind === 'private' && verdict.why === 'private-rule'
    ? `delete the pattern "${verdict.rule?.pattern ?? ''}", which you have made private`
    : `open "${pattern}" again, which you have closed`

const closing = ({ pattern, from }: Rule, micro: string): string =>
  `to close it, take "${pattern}" out of public_routes of micro ${from}, or add private_routes to micro ${micro}`

function opening(
  { why, rule }: Extract<PathVerdict, { kind: 'private' }>,
  micro: string,
  below: string,
): string[] {
  switch (why) {
    case 'no-rule':
      return [`add "${below}" to public_routes of micro ${micro}`]
    case 'ambiguous':
      return ['request the path in its plain spelling: an ambiguous path is never public']
    case 'private-rule':
      return [`take "${rule?.pattern ?? ''}" out of private_routes of micro ${rule?.from ?? micro}`]
    case 'page-data':
      return ['make the page public that this data belongs to']
    case 'reserved':
      return []
  }
}

function waysAfter(reason: RefusalReason | undefined, micro: string): string[] {
  switch (reason) {
    case undefined:
    case 'no-credential':
    case 'error':
      return []
    case 'key-repeated':
      return ['send X-Space-App-Key once']
    case 'key-unknown':
      return ['create a key in the settings of this app: the one presented is wrong or deleted']
    case 'key-expired':
      return ['create a new key: the one presented has expired']
    case 'key-not-enabled':
      return [`set presets.api_keys of micro ${micro}, so that it accepts keys: the key itself is valid`]
    case 'key-micro':
    case 'key-method':
    case 'key-path':
      return ['use a key that allows this micro, method and path']
    case 'key-origin':
      return ['create a key that allows the origin of the page, or send the request from a program']
    case 'session-unknown':
    case 'session-expired':
      return ['sign in again: the session has ended']
    case 'session-ambiguous':
      return ['delete the cookies of this host and sign in again: there were several sessions']
    case 'wrong-user':
      return ['sign in as a user who may use this app']
    case 'cross-site':
      return ['send the request from a page of this app: it came from another page, or from an unknown one']
  }
}
