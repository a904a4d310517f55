import { isFromOtherOrigin, judgeKey } from './judge-key.ts'
import { judgeSession } from './judge-session.ts'
import { isNavigation } from './same-origin.ts'
import type { Decision, DecisionInput, Principal, RefusalReason, RequestFacts } from '../types.ts'

/**
 * Decides whether a request may pass (COMPAT 1.2). The first step that applies decides: a public rule of the serving
 * micro; a presented `X-Space-App-Key`, judged alone; the app's own key; a session. Never throws: an error is a
 * refusal.
 */
export function decide(input: DecisionInput): Decision {
  try {
    return byPublicRule(input) ?? byAppKey(input) ?? byInternalKey(input) ?? bySession(input)
  } catch (cause) {
    return { kind: 'refuse', reason: 'error', answer: 'unauthorized', cause }
  }
}

/**
 * The principal of a request to `/__space/*`, where the platform decides by itself: the app by its own key, a user by
 * the session under the same cross-site rules as `decide`, or null. Never throws.
 */
export function identify(input: DecisionInput): Extract<Principal, { kind: 'app' | 'user' }> | null {
  try {
    const decision = byInternalKey(input) ?? bySession(input)
    if (decision.kind === 'refuse') return null
    const { principal } = decision
    return principal.kind === 'app' || principal.kind === 'user' ? principal : null
  } catch {
    return null
  }
}

function byPublicRule({ route }: DecisionInput): Decision | null {
  const verdict = route.micro.rules.judge(route.path)
  return verdict.kind === 'public' ? pass({ kind: 'anonymous', rule: verdict.rule }) : null
}

/** Never falls back to a cookie: a client that sends a wrong key has to see that it is wrong. */
function byAppKey({ request, route, credentials, nowMs }: DecisionInput): Decision | null {
  const [token, ...others] = request.appKeys
  if (token === undefined) return null
  if (others.length > 0) return refuse('key-repeated', request)
  const key = credentials.findKey(token)
  const trouble = key === null ? 'key-unknown' : judgeKey(key, route, request.method, nowMs)
  if (key === null || trouble !== null) return refuse(trouble ?? 'key-unknown', request)
  if (isFromOtherOrigin(key, request)) return refuse('key-origin', request)
  const origin = key.origins == null ? undefined : request.originHeader
  return pass({ kind: 'key', id: key.id, name: key.name, perMinute: key.perMinute, origin })
}

/** Apps use `X-API-Key` too: a value that is not ours is left to the app, and grants nothing. */
function byInternalKey({ request, route, credentials }: DecisionInput): Decision | null {
  const [token, ...others] = request.apiKeys
  if (token === undefined || others.length > 0) return null
  const keyDigest = credentials.findInternalKey(token, route.instance.id)
  return keyDigest === null ? null : pass({ kind: 'app', keyDigest })
}

function bySession(input: DecisionInput): Decision {
  const judgement = judgeSession(input)
  if (judgement.kind === 'refuse') return refuse(judgement.reason, input.request)
  const { id, userId } = judgement.session
  return pass({ kind: 'user', userId, sessionId: id })
}

const pass = (principal: Principal): Decision => ({ kind: 'pass', principal })

const refuse = (reason: RefusalReason, request: RequestFacts): Decision => ({
  kind: 'refuse',
  reason,
  answer: answerTo(reason, request),
})

/** Signing in helps a client without a valid session, and only if a browser is going to show the page. */
function answerTo(reason: RefusalReason, request: RequestFacts): 'sign-in' | 'unauthorized' | 'forbidden' {
  switch (reason) {
    case 'wrong-user':
      return 'forbidden'
    case 'no-credential':
    case 'session-unknown':
    case 'session-expired':
    case 'session-ambiguous':
    case 'cross-site':
      return isNavigation(request) ? 'sign-in' : 'unauthorized'
    case 'key-repeated':
    case 'key-unknown':
    case 'key-expired':
    case 'key-not-enabled':
    case 'key-micro':
    case 'key-method':
    case 'key-path':
    case 'key-origin':
    case 'error':
      return 'unauthorized'
    default:
      reason satisfies never
      return 'unauthorized'
  }
}
