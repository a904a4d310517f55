/**
 * Browsers fetch a web manifest without cookies unless its link has `crossorigin="use-credentials"` (HTML, 4.6.7.10), so
 * the manifest of a private app is refused and the app cannot be installed. The attribute has no effect on a public
 * manifest of the same origin.
 */

/** Links are in the head of a page. */
const SEARCHED_BYTES = 65_536

/** The search for the end of a tag stops here. */
const MAX_TAG_CHARS = 2_048

/** Elements whose content is always text. */
const TEXT_ELEMENT = /^(?:script|style|title|textarea|noscript|template)(?![^\s/>])/

const ATTRIBUTE = ' crossorigin="use-credentials"'

/** `html` with the attribute on its manifest link, or `html` unchanged without such a link. ASCII-compatible. */
export function linkManifest(html: Buffer): Buffer {
  const at = findManifestLink(html.toString('latin1', 0, SEARCHED_BYTES))
  if (at < 0) return html
  return Buffer.concat([html.subarray(0, at), Buffer.from(ATTRIBUTE), html.subarray(at)])
}

/**
 * The position after the name of the tag, or -1. Skips comments and elements of text, so that nothing in them is changed.
 * Each step begins where the last one ended, so the time is linear in the length of the page.
 */
function findManifestLink(text: string): number {
  const lower = text.toLowerCase()
  for (let at = lower.indexOf('<'); at >= 0; at = lower.indexOf('<', at)) {
    const name = lower.slice(at + 1, at + 12)
    if (/^(?:\/head|body)\b/.test(name)) return -1
    const end = endOf(lower, at, name)
    if (end < 0) return -1
    if (/^link[\s/]/.test(name) && isOwnManifest(text.slice(at, end))) return at + '<link'.length
    at = end
  }
  return -1
}

/** The position after the comment, the element of text, the link or the `<` at `at`; -1 if it has no end. */
function endOf(lower: string, at: number, name: string): number {
  if (name.startsWith('!--')) return behind(lower, '-->', at + 4)
  const [element] = TEXT_ELEMENT.exec(name) ?? []
  if (element !== undefined) return behindText(lower, element, at)
  return /^link[\s/]/.test(name) ? endOfTag(lower, at) : at + 1
}

/** A comment in a script can hide the script's end tag: this code does not parse what follows. */
function behindText(lower: string, element: string, at: number): number {
  const end = behind(lower, `</${element}`, at)
  return element === 'script' && lower.slice(at, end).includes('<!--') ? -1 : end
}

function behind(text: string, piece: string, from: number): number {
  const at = text.indexOf(piece, from)
  return at < 0 ? -1 : at + piece.length
}

/** The position after the first `>` outside quotes. */
function endOfTag(text: string, start: number): number {
  let quote = ''
  for (let at = start; at < Math.min(text.length, start + MAX_TAG_CHARS); at++) {
    const char = text[at]!
    if (quote !== '') quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '>') return at + 1
  }
  return -1
}

/** A link to a manifest of the page's own origin, without a `crossorigin` attribute. */
function isOwnManifest(tag: string): boolean {
  const attributes = attributesOf(tag)
  const rel = attributes.get('rel')?.toLowerCase().split(/\s+/) ?? []
  if (!rel.includes('manifest') || attributes.has('crossorigin')) return false
  // A scheme or two slashes may lead to another origin; browsers drop spaces and read `\` as `/`.
  const href = attributes.get('href')?.trim() ?? ''
  return href !== '' && !/^(?:[a-z][a-z\d+.-]*:|[\\/][\\/]|&)/i.test(href) && !/[\t\r\n]/.test(href)
}

function attributesOf(tag: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  const inner = tag.slice('<link'.length, -1)
  for (const [, name = '', , double, single, bare] of inner.matchAll(
    /([^\s"'<>/=]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g,
  ))
    if (!attributes.has(name.toLowerCase()))
      attributes.set(name.toLowerCase(), double ?? single ?? bare ?? '')
  return attributes
}
