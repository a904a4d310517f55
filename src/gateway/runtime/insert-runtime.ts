/** What precedes the content of a page is searched this far. */
const SEARCHED_BYTES = 8_192

/** Quotes count only as values of attributes: a tag with others is not read, so that nothing is inserted into a value. */
const ATTRIBUTES = String.raw`(?:[\s/](?:[^"'>=]|=\s*"[^"]*"|=\s*'[^']*'|=(?!\s*["']))*)?>`
const DOCTYPE = /<!doctype[^>]*>/iy
const HTML = new RegExp(`<html${ATTRIBUTES}`, 'iy')
const HEAD = new RegExp(`<head${ATTRIBUTES}`, 'iy')

/**
 * The page with `tag` as the first element of its head; the page itself if `html`, which may be the first piece of a stream,
 * does not show where that is. Never before the doctype: without it, browsers change to quirks mode.
 */
export function insertRuntime(html: Buffer, tag: string): Buffer {
  const at = placeOf(html.toString('latin1', 0, SEARCHED_BYTES))
  return at < 0 ? html : Buffer.concat([html.subarray(0, at), Buffer.from(tag), html.subarray(at)])
}

/** The last position that is certainly in the head, -1 without one. Each step begins where the last one ended. */
function placeOf(text: string): number {
  const start = afterBlanks(text, text.startsWith('\xef\xbb\xbf') ? 3 : 0)
  if (start < 0) return -1
  const doctype = endOf(DOCTYPE, text, start)
  // A document begins with an element here; plain text that is sent as HTML stays as it is.
  if (doctype < 0 && !/^<[a-z]/i.test(text.slice(start, start + 2))) return -1
  let place = Math.max(start, doctype)
  for (const tag of [HTML, HEAD]) {
    const from = afterBlanks(text, place)
    const end = from < 0 ? -1 : endOf(tag, text, from)
    if (end >= 0) place = end
  }
  return place
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

/** Skips white space and comments; -1: a comment does not end here. */
function afterBlanks(text: string, from: number): number {
  let at = from
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++
    if (!text.startsWith('<!--', at)) return at
    // `<!-->` and `<!--->` are whole comments; `--!>` ends one, too.
    const end = text.indexOf('-->', at + 2)
    if (end < 0 || text.slice(at, end).includes('--!>')) return -1
    at = end + 3
  }
}
