import { SPACEFILE_LIMITS } from './limits.ts'

/** A route pattern of the Spacefile. This file checks its syntax only; `access/` decides what it matches. */
export type RoutePattern =
  | { readonly kind: 'ok'; readonly pattern: string; readonly note: Note | null }
  | { readonly kind: 'bad'; readonly message: string; readonly hint: string }

export interface Note {
  readonly message: string
  readonly hint?: string
}

/**
 * The only regular expression in published apps: every path except those with these prefixes, `/(?!(admin|list))*`.
 * The original passed it to its regex engine; here it is an idiom that must match as a whole.
 */
const ALL_BUT = /^\/[\w.~/-]*\(\?!(?:\([\w.~/-]+(?:\|[\w.~/-]+)*\)|[\w.~/-]+(?:\|[\w.~/-]+)*)\)\*$/

/** Special in the original, literal in a URL: the author may mean either, and a wrong guess would open a page. */
const REGEX_CHARACTERS = /[()[\]{}^$|\\+]/

/** Trims, and rejects ambiguous patterns. `allButIdiom`: whether this list accepts `ALL_BUT`. */
export function parseRoutePattern(text: string, allButIdiom: boolean): RoutePattern {
  const pattern = text.trim()
  if (pattern === '') return bad('The route is empty', 'write a path such as `/ping`, or remove the entry')
  if (pattern.length > SPACEFILE_LIMITS.routeLength)
    return bad('The route is longer than any request path', 'shorten it and end it with `*`')
  if (pattern === '*')
    return ok('/*', { message: '`*` is read as `/*`: every path of this micro', hint: 'write `/*`' })
  if (allButIdiom && ALL_BUT.test(pattern))
    return ambiguityOf(pattern.split('(?!')[0]!) ?? ok(pattern, allButNote(pattern))
  const fault = faultOf(pattern)
  return fault ?? ok(pattern, text === pattern ? parameterNote(pattern) : TRIMMED)
}

const TRIMMED: Note = { message: 'The spaces around this route are ignored', hint: 'remove the spaces' }

function faultOf(pattern: string): RoutePattern | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pattern))
    return bad('The route must be a path, without scheme and host', 'begin it with `/`')
  if (!pattern.startsWith('/')) return bad('The route must begin with `/`', `write \`/${pattern}\``)
  if (/\(\?!/.test(pattern))
    return bad('The only supported exception is `/(?!(one|two))*`', 'use `private_routes` for exceptions')
  const special = REGEX_CHARACTERS.exec(pattern)?.[0]
  if (special !== undefined)
    return bad(
      `Routes are not regular expressions: \`${special}\` is not supported`,
      'use `*` for any characters',
    )
  if (/[?#]/.test(pattern))
    return bad('Routes match the path only', 'remove everything from the `?` or `#` on')
  if (/[\s\p{Cc}]/u.test(pattern))
    return bad('The route contains a space or a control character', 'write one entry per route')
  return ambiguityOf(pattern)
}

/** Spellings that never pass in a request, so the entry would have no effect. */
function ambiguityOf(pattern: string): RoutePattern | null {
  if (pattern.includes('//')) return bad('The route contains an empty segment (`//`)', 'write a single `/`')
  if (pattern.split('/').some((segment) => /^\.+$/.test(segment)))
    return bad('The route contains a segment of dots only', 'write the resolved path')
  if (pattern.includes(';')) return bad('The route contains `;`', 'write `*` instead')
  const escape = pattern.match(/%.{0,2}/g)?.find(isAmbiguousEscape)
  if (escape !== undefined)
    return bad(`The route contains \`${escape}\``, 'write the character itself, or `*` instead')
  if (!isUtf8(pattern))
    return bad('The `%` escapes of the route are not UTF-8', 'write the characters themselves')
  if (pattern === '/__space' || pattern.startsWith('/__space/'))
    return bad('Paths below `/__space/` belong to the platform and are never public', 'remove the entry')
  return null
}

/** `%2B` is a normal spelling of a plus sign; `%2F` and `%61` are second spellings of plain characters. */
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
    message: `\`${parameter}\` is matched literally: routes have no parameters`,
    hint: 'write `*` instead',
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
    message: `Every path below \`${head}\` is public, except paths with the listed prefixes`,
    hint: `the same as two lists: \`public_routes: ["${head}*"]\` and \`private_routes\` with ${paths}`,
  }
}

function ok(pattern: string, note: Note | null): RoutePattern {
  return { kind: 'ok', pattern, note }
}

function bad(message: string, hint: string): RoutePattern {
  return { kind: 'bad', message, hint }
}
