import { randomBytes } from 'node:crypto'
import { cookieValues, type Decision } from '../../access/index.ts'
import { digestOf } from '../../kernel/ids.ts'
import { hstsFor } from '../../tls/index.ts'
import { answerProblem, answerRedirect } from '../respond/answer.ts'
import type { GatewayContext } from '../context.ts'
import type { Exchange } from '../client/exchange.ts'
import { headerValue } from './request-facts.ts'
import { returnTarget } from './return-target.ts'

type Refusal = Extract<Decision, { kind: 'refuse' }>

/**
 * Answers a refused request with as much of the reason as the client may know: the owner finds the whole reason by the
 * refusal's id.
 */
export function refuse(exchange: Exchange, refusal: Refusal, context: GatewayContext): void {
  const { request, id } = exchange
  const { reason, cause } = refusal
  const whyUrl = `${context.settings.homeOrigin}/refusals/${id}`
  if (reason === 'error') context.log.error('decision failed', { request: id }, cause)
  else context.log.debug('refused', { request: id, host: request.hostname, reason })
  switch (refusal.answer) {
    case 'sign-in':
      return redirectToSignIn(exchange, context)
    case 'unauthorized':
      return answerProblem(exchange, { kind: 'unauthorized', refusal: id, signInUrl: null, whyUrl })
    case 'forbidden':
      return answerProblem(exchange, {
        kind: 'wrong-user',
        refusal: id,
        switchUrl: switchUrl(exchange, context),
        whyUrl,
      })
  }
}

/** URL where another user can sign in with this browser, and is sent back here. */
function switchUrl({ request }: Exchange, { settings }: GatewayContext): string {
  const here = `${settings.scheme}://${request.host}${returnTarget(request, settings.scheme)}`
  return `${settings.homeOrigin}/login?${new URLSearchParams({ switch: '1', redirect_uri: here })}`
}

/** Pre-login cookie: how long a person may take to sign in. */
const LOGIN_SECONDS = 600

/**
 * The first step of the hand-off: makes sure that the browser has a pre-login cookie, and sends it to Home with the
 * cookie's digest. An existing cookie is kept, so that several tabs can sign in at once.
 */
function redirectToSignIn(exchange: Exchange, { settings, cookieNames, endsTls }: GatewayContext): void {
  const { request } = exchange
  const known = cookieValues(headerValue(request, 'cookie') ?? '', cookieNames.login).find(isLoginSecret)
  const secret = known ?? randomBytes(32).toString('base64url')
  const to = returnTarget(request, settings.scheme)
  const query = new URLSearchParams({ host: request.host, to, challenge: digestOf(secret) })
  const secure = settings.scheme === 'https' ? '; Secure' : ''
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${LOGIN_SECONDS}${secure}`
  answerRedirect(exchange, `${settings.homeOrigin}/auth/handoff?${query}`, [
    ['Set-Cookie', `${cookieNames.login}=${secret}; ${attributes}`],
    ['Server', 'Deta-Ownspace'],
    ['X-Request-Id', exchange.id],
    ...(endsTls ? hstsFor(request.hostname) : []),
  ])
}

const isLoginSecret = (value: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(value)
