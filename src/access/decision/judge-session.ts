import { isExpired } from './judge-key.ts'
import { MAX_SESSION_TOKENS } from '../limits.ts'
import { isOwnRequest } from './same-origin.ts'
import type { DecisionInput, RefusalReason, SessionRecord } from '../types.ts'

export type SessionJudgement =
  | { readonly kind: 'user'; readonly session: SessionRecord }
  | { readonly kind: 'refuse'; readonly reason: RefusalReason }

/**
 * The user of the session cookies. A sibling app on plain http can plant a second cookie of our name: an invalid one
 * beside a valid session is ignored, and sessions of two users are refused.
 */
export function judgeSession(input: DecisionInput): SessionJudgement {
  const { request, route } = input
  const found = findValid(input)
  if (found.kind === 'refuse') return found
  if (!isOwnRequest(request)) return refuse('cross-site')
  return route.instance.userIds.includes(found.session.userId) ? found : refuse('wrong-user')
}

/** The one valid session of this instance among the cookies, of any user. */
function findValid({ request, route, credentials, nowMs }: DecisionInput): SessionJudgement {
  const tokens = request.sessionTokens
  if (tokens.length === 0) return refuse('no-credential')
  if (tokens.length > MAX_SESSION_TOKENS) return refuse('session-ambiguous')

  let valid: SessionRecord | null = null
  let reason: RefusalReason = 'session-unknown'
  for (const token of tokens) {
    const session = credentials.findSession(token, route.instance.id)
    if (session === null || session.instanceId !== route.instance.id) continue
    if (isExpired(session.expiresAtMs, nowMs)) reason = 'session-expired'
    else if (valid !== null && valid.userId !== session.userId) return refuse('session-ambiguous')
    else valid ??= session
  }
  return valid === null ? refuse(reason) : { kind: 'user', session: valid }
}

const refuse = (reason: RefusalReason): SessionJudgement => ({ kind: 'refuse', reason })
