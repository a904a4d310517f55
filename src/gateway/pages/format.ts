import type { LocalRequest } from '../respond/local-response.ts'

export type Format = 'html' | 'json'

/** People get a page, programs get JSON: only a browser that loads a page names `text/html` in `Accept`. */
export const preferredFormat = (request: Pick<LocalRequest, 'header'>): Format =>
  HTML.test(request.header('accept') ?? '') ? 'html' : 'json'

/**
 * Whether a browser loads a document in a tab or a frame; false for requests of scripts. Browsers send Sec-Fetch-Mode
 * on https and loopback only; elsewhere Accept decides.
 */
export function isPageLoad(request: Pick<LocalRequest, 'header'>): boolean {
  const mode = request.header('sec-fetch-mode')
  return mode === null ? preferredFormat(request) === 'html' : mode === 'navigate'
}

/** Named, with a weight other than 0. */
const HTML = /(^|[,\s])text\/html\s*(;(?!\s*q=0(\.0*)?\s*(,|$))|,|$)/i
