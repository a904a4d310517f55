import { invalid } from '../kernel/http-error.ts'

/** What a person gives when they sign up, as it may be stored. */
export interface Person {
  readonly username: string
  readonly email: string | null
  readonly password: string
}

export const PASSWORD_CHARS = { min: 10, max: 1_000 } as const

/** Checks what came from outside. Throws `invalid` with a sentence for the person. */
export function parsePerson(input: { username: string; email?: string | null; password: string }): Person {
  const username = parseUsername(input.username)
  const password = parsePassword(input.password)
  if (password.toLowerCase() === username) throw invalid('The password must differ from the username.')
  return { username, email: input.email ? parseEmail(input.email) : null, password }
}

/** Lower case. Only ASCII is looked at, so no other alphabet's letter can become one of these by folding case. */
function parseUsername(text: string): string {
  if (!/^[A-Za-z0-9_-]{3,32}$/.test(text))
    throw invalid('A username has 3 to 32 characters: a to z, 0 to 9, "-" and "_".')
  return text.toLowerCase()
}

/**
 * Stricter than RFC 5321: one `@`, no quoted local part, no list, ASCII only. Two programs that read the same address
 * differently are how `attacker@evil.com@company.com` got in elsewhere (CVE-2026-40574).
 */
function parseEmail(text: string): string {
  const [local = '', domain = '', ...more] = text.split('@')
  const isDomain = domain
    .split('.')
    .every((label, _, labels) => labels.length > 1 && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label))
  const isLocal = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(local) && local.length <= 64
  if (more.length > 0 || !isLocal || !isDomain || text.length > 254)
    throw invalid('That is not an e-mail address.')
  return text.toLowerCase()
}

/** Counted in characters as a person sees them typed. Nothing else is asked: length beats rules (NIST SP 800-63B). */
function parsePassword(text: string): string {
  const chars = text.length > PASSWORD_CHARS.max ? Infinity : [...normalizePassword(text)].length
  if (chars < PASSWORD_CHARS.min || chars > PASSWORD_CHARS.max)
    throw invalid(`A password has ${PASSWORD_CHARS.min} to ${PASSWORD_CHARS.max} characters.`)
  return text
}

/** One keyboard types "é" as one code point, another as two. */
export const normalizePassword = (text: string): string => text.normalize('NFKC')
