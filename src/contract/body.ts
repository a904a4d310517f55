import { z } from 'zod'

/** A limit that the operator can change. */
export type BodyBound = 'archiveBytes' | 'iconBytes' | 'importBytes'

/** The body of a call. `maxBytes` bounds the bytes that are read, whatever length the client declares. */
export type BodySpec<Schema extends z.ZodType = z.ZodType> =
  | { readonly kind: 'json'; readonly maxBytes: number; readonly schema: Schema }
  /** Held in memory. */
  | RawBody<'bytes', Schema>
  /** Written to a temporary file while it arrives, removed after the call unless the handler moved it. */
  | RawBody<'file', Schema>

interface RawBody<Kind extends string, Schema extends z.ZodType> {
  readonly kind: Kind
  readonly maxBytes: number | BodyBound
  readonly schema: Schema
  readonly mediaType: string
  readonly description: string
}

const MEGABYTE = 1024 * 1024

export const JSON_MAX_BYTES = MEGABYTE
/** For public calls: enough for a password of 1,000 escaped characters and the other fields. */
const PUBLIC_JSON_MAX_BYTES = 16 * 1024

/** Defaults of the limits that the operator can change. */
export const BODY_BOUNDS: Readonly<Record<BodyBound, number>> = {
  /** COMPAT 4.2: source and assets of one push. */
  archiveBytes: 250 * MEGABYTE,
  iconBytes: 2 * MEGABYTE,
  /** Export of a collection. */
  importBytes: 10_000_000_000,
}

/** A JSON object of this shape; other fields are dropped. */
export const json = <Schema extends z.ZodType>(schema: Schema, maxBytes = JSON_MAX_BYTES) =>
  ({ kind: 'json', maxBytes, schema }) as const

/** A smaller limit for public calls: any client can open many of them, and send their bodies slowly. */
export const publicJson = <Schema extends z.ZodType>(schema: Schema) => json(schema, PUBLIC_JSON_MAX_BYTES)

export interface RawOptions {
  readonly maxBytes: number | BodyBound
  readonly mediaType: string
  readonly description: string
}

export const bytes = (options: RawOptions) =>
  ({ kind: 'bytes', schema: z.instanceof(Uint8Array), ...options }) as const

/** The handler receives the path and the size of the file. */
export const file = (options: RawOptions) =>
  ({ kind: 'file', schema: z.object({ path: z.string(), bytes: z.number() }), ...options }) as const
