import { type PathVerdict, type RefusalReason, type Rule, explain, isReservedPath } from '../access/index.ts'
import type { Instance } from '../instances/index.ts'
import type { Refusal } from '../directory/index.ts'
import { REASONS } from './refusal-reasons.ts'
import { isoTime } from '../kernel/iso-time.ts'

export interface Asked {
  readonly method: string
  /** `http://notes-ab12.cloud.test:7070` */
  readonly origin: string
  /** Path and query, as on the request line. */
  readonly target: string
  /** The refusal to explain, if the request was refused. */
  readonly refusal?: Refusal
}

/** How gateways decide a request to an instance under its current rules, for its owner. */
export function explanationAnswer(instance: Instance, { method, origin, target, refusal }: Asked) {
  const { micros, overrides } = instance
  const reason = refusal && decidedReason(refusal.reason)
  const [path = target] = target.split('?', 1)
  const common = {
    ...(refusal && { refusal_id: refusal.id, at: isoTime(refusal.atMs) }),
    method,
    url: origin + target,
    path,
    instance: { id: instance.id, alias: instance.alias, app_name: instance.appName },
    credential: refusal?.credential ?? ('none' as const),
  }
  const explained = explain({ micros, overrides, target, ...(reason && { reason }) })
  // Refusals are kept without the query: a path that is well formed now means that the query was malformed.
  const isInQuery = refusal?.reason === 'malformed' && explained.kind !== 'malformed'
  const judged = isInQuery ? MALFORMED_QUERY : explained
  switch (judged.kind) {
    case 'malformed':
      return {
        ...common,
        ...NOWHERE,
        outcome: 'malformed' as const,
        reason: judged.why,
        sentences: [sentence(judged.why)],
      }
    case 'reserved':
      return { ...common, ...NOWHERE, outcome: 'refused' as const, reason: 'reserved', sentences: [RESERVED] }
    case 'judged':
      return { ...common, ...judgedAnswer(judged, refusal) }
  }
}

function judgedAnswer(judged: Judged, refusal: Refusal | undefined) {
  const reason = refusal && decidedReason(refusal.reason)
  const isPublic = judged.verdict.kind === 'public'
  const isReserved = isReservedPath(judged.below)
  return {
    canonical: judged.path,
    is_plain: judged.ambiguity === null,
    micro: judged.micro,
    mount: judged.mount,
    outcome: refusal || !isPublic ? ('refused' as const) : ('public' as const),
    reason: isReserved ? 'reserved' : (refusal?.reason ?? (isPublic ? null : 'no-credential')),
    rule: judged.verdict.rule,
    sentences: [
      ...(reason ? [REASONS[reason]] : []),
      ...(isReserved ? [RESERVED] : sentencesOf(judged)),
      ...(refusal && isPublic ? ['Under the current rules this path is public.'] : []),
    ],
    remedies: isReserved ? [] : judged.ways.map(sentence),
  }
}

const MALFORMED_QUERY = {
  kind: 'malformed',
  why: 'the query contains a byte that is not allowed in a request target',
} as const

/** The reason of a decision; undefined for a refusal that comes before the decision. */
const decidedReason = (reason: Refusal['reason']): RefusalReason | undefined =>
  reason === 'reserved' || reason === 'malformed' ? undefined : reason

const NOWHERE = {
  canonical: null,
  is_plain: false,
  micro: null,
  mount: null,
  rule: null,
  remedies: [],
} as const
const RESERVED = 'Paths below /__space belong to the platform and not to an app.'

type Judged = Extract<ReturnType<typeof explain>, { kind: 'judged' }>

function sentencesOf({ micro, mount, below, verdict, ambiguity, closed }: Judged): string[] {
  const place = mount === '/' ? '' : `, which is mounted at ${mount} and receives ${below}`
  return [
    `The path is served by micro ${micro}${place}.`,
    verdictSentence(verdict, ambiguity),
    ...(closed === null
      ? []
      : [`The public rule ${nameOf(closed)} would open it, but your override closes it.`]),
  ]
}

function verdictSentence(verdict: PathVerdict, ambiguity: string | null): string {
  if (verdict.kind === 'public') return `The public rule ${nameOf(verdict.rule)} opens it to everyone.`
  switch (verdict.why) {
    case 'no-rule':
      return 'No public rule matches the path, so it is private.'
    case 'ambiguous':
      return `Servers read this path in different ways (${ambiguity ?? 'it has a query'}), so it is never public.`
    case 'private-rule':
      return verdict.rule
        ? `The private rule ${nameOf(verdict.rule)} closes it.`
        : 'A private rule closes it.'
    case 'page-data':
      return 'It is the data of a private page.'
    case 'reserved':
      return RESERVED
  }
}

const nameOf = ({ pattern, from }: Rule): string => `"${pattern}" of micro ${from}`

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
