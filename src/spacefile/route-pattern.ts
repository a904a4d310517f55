import { SPACEFILE_LIMITS } from './limits.ts'

/** A route pattern as the Spacefile may say it. What it matches is decided elsewhere; here only what can be meant. */
export type RoutePattern =
  | { readonly kind: 'ok'; readonly pattern: string; readonly note: Note | null }
  | { readonly kind: 'bad'; readonly message: string; readonly hint: string }

export interface Note {
  readonly message: string
  readonly hint?: string
}

/**
 * The one regular expression found in published apps, "all but what begins with these": `/(?!(admin|list))*`.
 * The original let it through to its regex engine; here it is an idiom of its own, read whole or not at all.
 */
const ALL_BUT = /^\/[\w.~/-]*\(\?!(?:\([\w.~/-]+(?:\|[\w.~/-]+)*\)|[\w.~/-]+(?:\|[\w.~/-]+)*)\)\*$/

/** Live in the original, literal in a URL: whoever writes one means either, and a wrong guess opens a page. */
const REGEX_CHARACTERS = /[()[\]{}^$|\\+]/

/** Trims, and refuses whatever has two readings. `allButIdiom`: whether `ALL_BUT` is meaningful in this list. */
export function parseRoutePattern(text: string, allButIdiom: boolean): RoutePattern {
  const pattern = text.trim()
  if (pattern === '') return bad('A route is empty', 'write a path such as `/ping`, or remove the entry')
  if (pattern.length > SPACEFILE_LIMITS.routeLength)
    return bad('A route is longer than any request path', 'end it with `*` earlier')
  if (pattern === '*')
    return ok('/*', { message: '`*` is read as `/*`: every path of this micro', hint: 'write `/*`' })
  if (allButIdiom && ALL_BUT.test(pattern))
    return ambiguityOf(pattern.split('(?!')[0]!) ?? ok(pattern, allButNote(pattern))
  const fault = faultOf(pattern)
  return fault ?? ok(pattern, text === pattern ? parameterNote(pattern) : TRIMMED)
}

const TRIMMED: Note = { message: 'The blanks around this route are ignored', hint: 'remove them' }

function faultOf(pattern: string): RoutePattern | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pattern))
    return bad('A route is a path, without scheme and host', 'begin it with `/`')
  if (!pattern.startsWith('/')) return bad('A route begins with `/`', `write \`/${pattern}\``)
  if (/\(\?!/.test(pattern))
    return bad('Only `/(?!(one|two))*` is understood as an exception', 'use `private_routes` for exceptions')
  const special = REGEX_CHARACTERS.exec(pattern)?.[0]
  if (special !== undefined)
    return bad(
      `A route is not a regular expression: \`${special}\` has no meaning here`,
      'use `*` for any run of characters',
    )
  if (/[?#]/.test(pattern))
    return bad('A route is compared with the path only', 'remove everything from the `?` or `#` on')
  if (/[\s\p{Cc}]/u.test(pattern)) return bad('A route contains a blank', 'write one entry per route')
  return ambiguityOf(pattern)
}

/** Spellings that a request is never let through with, so the entry would promise what cannot happen. */
function ambiguityOf(pattern: string): RoutePattern | null {
  if (pattern.includes('//')) return bad('A route contains an empty segment (`//`)', 'write a single `/`')
  if (pattern.split('/').some((segment) => /^\.+$/.test(segment)))
    return bad('A route contains a segment of dots only', 'write the path it leads to')
  if (pattern.includes(';')) return bad('A route contains `;`', 'write `*` in its place')
  const escape = pattern.match(/%.{0,2}/g)?.find(isAmbiguousEscape)
  if (escape !== undefined)
    return bad(`A route contains \`${escape}\``, 'write the character itself, or `*` in its place')
  if (!isUtf8(pattern))
    return bad('The `%` escapes of a route are not UTF-8', 'write the characters themselves')
  if (pattern === '/__space' || pattern.startsWith('/__space/'))
    return bad('Paths below `/__space/` belong to the platform and are never public', 'remove the entry')
  return null
}

/** `%2B` is one way to write a plus sign; `%2F` or `%61` are a second way to write what a path says plainly. */
function isAmbiguousEscape(escape: string): boolean {
  const code = /^%[0-9A-Fa-f]{2}$/.test(escape) ? Number.parseInt(escape.slice(1), 16) : 0
  return code <= 0x20 || code === 0x7f || /[\w.~/\\%;?#-]/.test(String.fromCharCode(code))
}

function isUtf8(pattern: string): boolean {
  try {
    decodeURIComponent(pattern)
    return true
  } catch {
    return false
  }
}

function parameterNote(pattern: string): Note | null {
  const parameter = /\/:[A-Za-z_]\w*/.exec(pattern)?.[0]
  if (parameter === undefined) return null
  return {
    message: `\`${parameter}\` is matched literally; a route has no parameters`,
    hint: 'write `*` in its place',
  }
}

function allButNote(pattern: string): Note {
  const [head = '', names = ''] = pattern.split('(?!')
  const paths = names
    .replace(/[()*]/g, '')
    .split('|')
    .map((name) => `${head}${name}*`)
    .join(', ')
  return {
    message: `Every path below \`${head}\` is public except those that begin with what is listed`,
    hint: `the same in plain words: \`public_routes: ["${head}*"]\` and \`private_routes\` with ${paths}`,
  }
}

function ok(pattern: string, note: Note | null): RoutePattern {
  return { kind: 'ok', pattern, note }
}

function bad(message: string, hint: string): RoutePattern {
  return { kind: 'bad', message, hint }
}
