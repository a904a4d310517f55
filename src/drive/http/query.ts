import { badRequest } from '../errors.ts'

/** The fields of a query, still encoded; of a field that is sent twice, the first. */
export function fieldsOf(query: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
    if (!fields.has(name)) fields.set(name, value)
  }
  return fields
}

/** `+` is a space, as Python's clients send it. Throws 400 for what is no UTF-8. */
export function decodeField(raw: string): string {
  const text = decoded(raw.replaceAll('+', ' '))
  if (text === null) throw badRequest('The query is not percent-encoded UTF-8')
  return text
}

/**
 * The ways in which a field may be meant, the likelier first. Clients send `prefix` and `last` as they are, without
 * encoding: then `+` is a plus, and `%` may begin no code.
 */
export function readingsOf(raw: string): string[] {
  const spaced = decoded(raw.replaceAll('+', ' ')) ?? raw
  const literal = decoded(raw) ?? raw
  return spaced === literal ? [spaced] : [spaced, literal]
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** A whole number from 1; null: absent. Throws 400. */
export function countField(name: string, raw: string | undefined): number | null {
  if (raw === undefined || raw === '' || raw === 'null') return null
  const value = /^\d{1,9}$/.test(raw) ? Number(raw) : 0
  if (value < 1) throw badRequest(`${name} must be a whole number from 1`)
  return value
}
