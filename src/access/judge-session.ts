import { isExpired } from './judge-key.ts'
import { MAX_SESSION_TOKENS } from './limits.ts'
import { isOwnRequest } from './provenance.ts'
import type { DecisionInput, RefusalReason, SessionGrant } from './types.ts'

export type SessionJudgement =
  | { readonly kind: 'user'; readonly session: SessionGrant }
  | { readonly kind: 'refuse'; readonly reason: RefusalReason }

/**
 * Who the session cookies stand for. A sibling app on plain http can plant a second cookie of our name: junk beside
 * a good session is ignored, and sessions of two people are refused.
 */
export function judgeSession({ request, place, book, nowMs }: DecisionInput): SessionJudgement {
  const tokens = request.sessionTokens
  if (tokens.length === 0) return refuse('no-credential')
  if (tokens.length > MAX_SESSION_TOKENS) return refuse('session-ambiguous')

  const known = tokens
    .map((token) => book.findSession(token, place.instance.id))
    .filter((session) => session !== null)
    .filter((session) => session.instanceId === place.instance.id)
  const valid = known.filter((session) => !isExpired(session.expiresAtMs, nowMs))
  const [session] = valid
  if (session === undefined) return refuse(known.length > 0 ? 'session-expired' : 'session-unknown')
  if (valid.some((other) => other.userId !== session.userId)) return refuse('session-ambiguous')
  if (!isOwnRequest(request)) return refuse('cross-site')
  if (!place.instance.userIds.includes(session.userId)) return refuse('wrong-user')
  return { kind: 'user', session }
}

const refuse = (reason: RefusalReason): SessionJudgement => ({ kind: 'refuse', reason })
