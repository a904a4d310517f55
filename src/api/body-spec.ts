import { z } from 'zod'
import { HttpError, invalid } from '../kernel/http-error.ts'

/** Of a body: a number of octets, or a bound that this server may have moved. */
export type BodyBound = number | 'archiveBytes' | 'iconBytes'

/** How a call takes its body. `maxBytes` bounds what is read, whatever the client announced. */
export type BodySpec<Body> =
  | { readonly kind: 'json'; readonly maxBytes: BodyBound; readonly schema: z.ZodType<Body> }
  /** Held in memory. */
  | { readonly kind: 'bytes'; readonly maxBytes: BodyBound; readonly schema: z.ZodType<Body> }
  /** Written to a temporary file while it comes in, removed after the call unless the handler has moved it. */
  | { readonly kind: 'file'; readonly maxBytes: BodyBound; readonly schema: z.ZodType<Body> }

/** Bounds of the platform's calls that an operator may move. */
export interface PlatformLimits {
  /** COMPAT 4.2: source and assets of one push. */
  readonly archiveBytes: number
  readonly iconBytes: number
  /** COMPAT 1.11. */
  readonly domainsPerInstance: number
}

export interface UploadedFile {
  readonly path: string
  readonly bytes: number
}

const MEGABYTE = 1024 * 1024

export const PLATFORM_LIMITS: PlatformLimits = {
  archiveBytes: 250 * MEGABYTE,
  iconBytes: 2 * MEGABYTE,
  domainsPerInstance: 5,
}

/** With what was set for this server. */
export const platformLimits = ({ bounds }: { bounds?: Partial<PlatformLimits> }): PlatformLimits => ({
  ...PLATFORM_LIMITS,
  ...bounds,
})

export const JSON_MAX_BYTES = MEGABYTE
/** Of calls that anybody may make: a password of 1,000 characters, each escaped, and some room. */
export const STRANGERS_JSON_MAX_BYTES = 16 * 1024
/** Of a call that takes no body: clients sign an empty one, and a few GETs of the official one carry JSON. */
export const UNUSED_MAX_BYTES = 4096

/** A JSON object of this shape; other fields are dropped. */
export const json = <Body>(schema: z.ZodType<Body>, maxBytes = JSON_MAX_BYTES): BodySpec<Body> => ({
  kind: 'json',
  maxBytes,
  schema,
})

/** The same for public calls: strangers can have many under way, and be as slow as they like. */
export const strangersJson = <Body>(schema: z.ZodType<Body>): BodySpec<Body> =>
  json(schema, STRANGERS_JSON_MAX_BYTES)

export const bytes = (maxBytes: BodyBound): BodySpec<Uint8Array> => ({
  kind: 'bytes',
  maxBytes,
  schema: z.instanceof(Uint8Array),
})

export const file = (maxBytes: BodyBound): BodySpec<UploadedFile> => ({
  kind: 'file',
  maxBytes,
  schema: z.object({ path: z.string(), bytes: z.number() }),
})

export const tooLarge = (maxBytes: number) =>
  new HttpError(413, 'too_large', `The body is larger than ${Math.round((maxBytes / MEGABYTE) * 10) / 10} MB`)

/** Throws 400 for text that is no JSON in UTF-8. No text at all is an object without fields. */
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
