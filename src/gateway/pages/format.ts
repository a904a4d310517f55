import type { LocalRequest } from '../respond/local-response.ts'

export type Format = 'html' | 'json'

/** People get a page, programs get JSON: only a browser that opens something asks for `text/html` by name. */
export const preferredFormat = (request: Pick<LocalRequest, 'header'>): Format =>
  HTML.test(request.header('accept') ?? '') ? 'html' : 'json'

/**
 * Whether a browser loads a document, in a tab or a frame, as against a page fetching something. Browsers say so in
 * Sec-Fetch-Mode, but only on https and loopback; elsewhere Accept tells.
 */
export function isPageLoad(request: Pick<LocalRequest, 'header'>): boolean {
  const mode = request.header('sec-fetch-mode')
  return mode === null ? preferredFormat(request) === 'html' : mode === 'navigate'
}

/** Named, and not with the weight 0. */
const HTML = /(^|[,\s])text\/html\s*(;(?!\s*q=0(\.0*)?\s*(,|$))|,|$)/i
