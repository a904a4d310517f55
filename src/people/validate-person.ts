import { invalid } from '../kernel/http-error.ts'

/** The data of a new person, ready to store. */
export interface Person {
  readonly username: string
  readonly email: string | null
  readonly password: string
}

export const PASSWORD_CHARS = { min: 10, max: 1_000 } as const

/** Checks input. Throws `invalid` with a message for the person. */
export function parsePerson(input: { username: string; email?: string | null; password: string }): Person {
  const username = parseUsername(input.username)
  const password = parsePassword(input.password)
  if (password.toLowerCase() === username) throw invalid('The password must differ from the username.')
  return { username, email: input.email ? parseEmail(input.email) : null, password }
}

/** Lower case. Accepts ASCII only, so that no letter of another alphabet becomes one of these by case folding. */
function parseUsername(text: string): string {
  if (!/^[A-Za-z0-9_-]{3,32}$/.test(text))
    throw invalid('A username must have 3 to 32 characters: a to z, 0 to 9, "-" and "_".')
  return text.toLowerCase()
}

/**
 * Stricter than RFC 5321: one `@`, no quoted local part, no list, ASCII only. Elsewhere, two programs that read an address
 * differently accepted `attacker@evil.com@company.com` (CVE-2026-40574).
 */
function parseEmail(text: string): string {
  const [local = '', domain = '', ...more] = text.split('@')
  const isDomain = domain
    .split('.')
    .every((label, _, labels) => labels.length > 1 && /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label))
  const isLocal = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/.test(local) && local.length <= 64
  if (more.length > 0 || !isLocal || !isDomain || text.length > 254)
    throw invalid('The e-mail address is not valid.')
  return text.toLowerCase()
}

/** Counted in visible characters. There is no other rule: length matters more (NIST SP 800-63B). */
function parsePassword(text: string): string {
  const chars = text.length > PASSWORD_CHARS.max ? Infinity : [...normalizePassword(text)].length
  if (chars < PASSWORD_CHARS.min || chars > PASSWORD_CHARS.max)
    throw invalid(`A password must have ${PASSWORD_CHARS.min} to ${PASSWORD_CHARS.max} characters.`)
  return text
}

/** Some keyboards enter "é" as one code point, others as two. */
export const normalizePassword = (text: string): string => text.normalize('NFKC')
