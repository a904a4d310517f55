import { WIRE_LIMITS, type ParseError, type RequestHeadLimits } from '../../wire/index.ts'
import type { RefusedMessage, Timeout } from '../client/client-events.ts'
import type { LocalResponse } from './local-response.ts'
import { preferredFormat, renderProblem, type Problem } from '../pages/index.ts'
import { tooManyCookies } from './too-many-cookies.ts'

type Message = Pick<RefusedMessage, 'requestId' | 'octets' | 'cookieNames'>

/**
 * The answer to a message that is not an HTTP request, or that is not read to its end. A browser, recognised by
 * `octets`, gets a page, any other client JSON. Of the octets, the answer contains only the names of cookies that it
 * removes.
 */
export function parseErrorAnswer(
  error: ParseError | Timeout,
  { requestId, octets, cookieNames }: Message,
  { scheme, limits = WIRE_LIMITS }: { scheme: 'http' | 'https'; limits?: RequestHeadLimits },
): LocalResponse {
  const context = { format: looksLikeBrowser(octets) ? 'html' : 'json', requestId } as const
  const cookies = { ...addressOf(octets), names: cookieNames, scheme }
  const removing = error.status === 431 ? tooManyCookies(cookies, context) : null
  return removing ?? renderProblem(problemOf(error, limits), context)
}

/** Host and path of a request that is not read: exact enough to name the scope of its cookies, but for nothing else. */
function addressOf(octets: Buffer): { hostname: string; path: string } {
  const text = octets.toString('latin1')
  const [, path = '/'] = /^[A-Z]+ (\/[\x21-\x3e\x40-\x7e]*)/.exec(text) ?? []
  const [, hostname = ''] = /\nhost:[ \t]*([a-z\d.-]+?)\.?(?::\d+)?[ \t]*\r?\n/i.exec(text) ?? []
  return { hostname: hostname.toLowerCase(), path }
}

function problemOf({ status, reason }: ParseError | Timeout, limits: RequestHeadLimits): Problem {
  switch (status) {
    case 400:
      return { kind: 'bad-request', detail: `It is not valid HTTP: ${reason}.` }
    case 405:
      return { kind: 'no-proxy' }
    case 408:
      return { kind: 'request-timeout' }
    case 414:
      return { kind: 'too-large', what: 'address', limitBytes: limits.targetBytes }
    case 431:
      return reason === 'too many header fields'
        ? { kind: 'too-many-headers', limit: WIRE_LIMITS.requestFields }
        : { kind: 'too-large', what: 'head', limitBytes: limits.requestHeadBytes }
    case 505:
      return { kind: 'unknown-version' }
  }
}

const LF = 0x0a
const ACCEPT = /^accept:([^\r]{0,500})/i

/**
 * Whether a message that could not be read as a request seems to come from a browser that opens a page, by the first
 * `Accept` line of its head. A guess, good enough to choose between a page and JSON.
 */
export function looksLikeBrowser(octets: Buffer): boolean {
  const end = Math.min(octets.length, WIRE_LIMITS.requestHeadBytes)
  for (let at = octets.indexOf(LF) + 1; at > 0 && at < end; at = octets.indexOf(LF, at) + 1) {
    const line = octets.toString('latin1', at, Math.min(at + 512, end))
    if (/^\r?\n/.test(line)) return false
    const accept = ACCEPT.exec(line)
    if (accept !== null) return preferredFormat({ header: () => accept[1]!.trim() }) === 'html'
  }
  return false
}
