import type { z } from 'zod'

/** What a call answers with when it succeeds: one status, one form. */
export type OutputSpec<Schema extends z.ZodType = z.ZodType> =
  | { readonly kind: 'json'; readonly status: 200 | 201 | 202; readonly schema: Schema }
  | { readonly kind: 'none'; readonly status: 204 }
  | { readonly kind: 'text'; readonly status: 200; readonly description: string }
  /** Not checked and not collected: a log that is followed, an image, an archive. */
  | {
      readonly kind: 'stream'
      readonly status: 200
      readonly mediaType: string
      readonly description: string
    }
  | { readonly kind: 'redirect'; readonly status: 302 | 303; readonly description: string }

const answered =
  <Status extends 200 | 201 | 202>(status: Status) =>
  <Schema extends z.ZodType>(schema: Schema) =>
    ({ kind: 'json', status, schema }) as const

export const ok = answered(200)
export const created = answered(201)
export const accepted = answered(202)
export const noContent = { kind: 'none', status: 204 } as const

export const text = (description: string) => ({ kind: 'text', status: 200, description }) as const

export const stream = (mediaType: string, description: string) =>
  ({ kind: 'stream', status: 200, mediaType, description }) as const

export const redirect = <Status extends 302 | 303>(status: Status, description: string) =>
  ({ kind: 'redirect', status, description }) as const
