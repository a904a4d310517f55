import type { z } from 'zod'
import { HttpError, invalid } from '../kernel/http-error.ts'

/** Of a call that takes no body: clients sign an empty one, and a few GETs of the official one carry JSON. */
export const UNUSED_MAX_BYTES = 4096

const MEGABYTE = 1024 * 1024

export const tooLarge = (maxBytes: number) =>
  new HttpError(413, 'too_large', `The body is larger than ${Math.round((maxBytes / MEGABYTE) * 10) / 10} MB`)

/** Throws 400 for text that is not JSON in UTF-8. No text at all is an object without fields. */
export function decodeJson(raw: Uint8Array): unknown {
  if (raw.length === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw))
  } catch {
    throw invalid('The body is not valid JSON')
  }
}

/** Throws 400 with one clause per field that does not fit. */
export function parseInput<Value>(schema: z.ZodType<Value>, value: unknown): Value {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const clauses = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`)
  throw invalid(clauses.slice(0, 5).join('; '))
}
