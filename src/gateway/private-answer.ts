import type { RequestHead } from '../wire/index.ts'
import type { LocalResponse } from './local-response.ts'
import { headerValue } from './request-facts.ts'

/** What a static app cannot say itself, and `response-headers.ts` says for apps that can. */
const FOR_ITS_OWN_PAGES = [
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['X-Frame-Options', 'SAMEORIGIN'],
] as const

/**
 * A private file, for nobody but pages of its own app. Only where the browser does not say which page asks: with Fetch
 * Metadata those of others are refused before, and the answer may go out as it lies ready.
 */
export function privateAnswer(request: RequestHead, answer: LocalResponse): LocalResponse {
  if (headerValue(request, 'sec-fetch-site') !== null) return answer
  const { status, headers, body } = answer
  return { status, headers: [...headers, ...FOR_ITS_OWN_PAGES], body }
}
