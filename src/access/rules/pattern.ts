import { canonicalPath } from '../paths/canonical-path.ts'
import { MAX_PATTERN_LENGTH } from '../limits.ts'
import { isReservedPath } from '../paths/reserved-path.ts'
import { fold } from './equivalent-paths.ts'

/** A parsed route pattern. Texts are decoded as `textOf` decodes paths. */
export type Pattern =
  | { readonly kind: 'exact'; readonly text: string }
  | WildPattern
  /** Matches nothing as a public rule and everything as a private one. */
  | { readonly kind: 'invalid'; readonly message: string; readonly hint: string }

export interface WildPattern {
  readonly kind: 'wild'
  /** Before the first star, between stars, and after the last. */
  readonly head: string
  readonly middle: readonly string[]
  readonly tail: string
  /** Folded: what follows the head must not begin with any of these (`/(?!(admin|list))*`). */
  readonly not: readonly string[]
}

/** Reads one entry of `public_routes` or `private_routes` (COMPAT 1.3). Never throws. */
export function parsePattern(entry: string): Pattern {
  const text = trimmed(entry)
  if (text.length > MAX_PATTERN_LENGTH) {
    return invalid(`the pattern is longer than ${MAX_PATTERN_LENGTH} characters`, 'use * for the long part')
  }
  if (text === '') return invalid('the pattern is empty', 'write the path, such as "/ping", or "/*" for all')
  if (!text.startsWith('/')) {
    return invalid('a pattern begins with a slash', `write "/${text}"`)
  }
  const ahead = splitLookAhead(text)
  if (ahead.kind === 'invalid') return ahead
  const meta = [...ahead.rest].find((char) => METACHARACTERS.includes(char))
  if (meta !== undefined) return invalid(...explainMeta(meta))

  const pieces = ahead.rest.split('*').filter(isNotBetweenStars)
  const trouble = impossible(pieces)
  return trouble ?? assemble(pieces.map(decodeURIComponent), ahead.not)
}

/** Blanks around an entry are ignored; a bare `*` is `/*`. */
export function trimmed(entry: string): string {
  const text = entry.trim()
  return text === '*' ? '/*' : text
}

const METACHARACTERS = '()[]{}?+^$|\\#'

function explainMeta(char: string): [message: string, hint: string] {
  if (char === '?')
    return ['a pattern matches the path only, not the query', 'remove the ? and everything after it']
  const encoded = `%${char.charCodeAt(0).toString(16).toUpperCase()}`
  return [
    `${char} has no meaning in a pattern; only * has`,
    `patterns are not regular expressions: use * for any run of characters, private_routes for exceptions, ${encoded} for the character itself`,
  ]
}

type LookAhead =
  | { readonly kind: 'split'; readonly rest: string; readonly not: readonly string[] }
  | Extract<Pattern, { kind: 'invalid' }>

/** `/x/(?!(a|b))*` → `/x/*` and what must not follow. Allowed only directly before a star that ends the pattern. */
function splitLookAhead(text: string): LookAhead {
  const at = text.indexOf('(?!')
  if (at < 0) return { kind: 'split', rest: text, not: [] }
  const head = text.slice(0, at)
  const body = text.slice(at)
  const [open, close] = body.startsWith('(?!(') ? ['(?!(', '))*'] : ['(?!', ')*']
  const not = body.slice(open.length, -close.length).split('|')
  const isIdiom = body.endsWith(close) && !head.includes('*') && not.every(isLiteral)
  if (isIdiom) return { kind: 'split', rest: `${head}*`, not: not.map(fold) }
  return invalid(
    'the only supported regular expression is /(?!(one|two))* at the end of a pattern',
    'use public_routes: ["/*"] and list what stays private in private_routes',
  )
}

const isLiteral = (text: string): boolean =>
  text !== '' && ![...text].some((char) => char === '*' || char === '%' || METACHARACTERS.includes(char))

/** `**` is `*`: an empty piece between two stars adds nothing. */
const isNotBetweenStars = (piece: string, at: number, pieces: readonly string[]): boolean =>
  piece !== '' || at === 0 || at === pieces.length - 1

/** A pattern is possible if the path that it gives with `x` for every star can be public at all. */
function impossible(pieces: readonly string[]): Pattern | null {
  const sample = encodeText(pieces.join('x'))
  if (sample === null) return never('it is not valid text')
  const reading = canonicalPath(sample)
  if (reading.kind === 'malformed') return never(reading.why)
  if (!reading.isPlain) return never(reading.why ?? 'it is ambiguous')
  return isReservedPath(sample) ? never('/__space belongs to the platform') : null
}

/** Encoded as browsers do; existing percent-encoding stays. Null for half a surrogate pair. */
function encodeText(text: string): string | null {
  try {
    return encodeURI(text).replaceAll('%25', '%')
  } catch {
    return null
  }
}

const never = (why: string): Pattern =>
  invalid(`no public path can match this: ${why}`, 'write the path as it appears in a browser')

function assemble(pieces: readonly string[], not: readonly string[]): Pattern {
  const [head = '', ...others] = pieces
  const tail = others.pop()
  if (tail === undefined) return { kind: 'exact', text: head }
  return { kind: 'wild', head, middle: others, tail, not }
}

const invalid = (message: string, hint: string): Extract<Pattern, { kind: 'invalid' }> => ({
  kind: 'invalid',
  message,
  hint,
})
