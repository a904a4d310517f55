import { z } from 'zod'

/** Every code that an error may have, with its status. Closed: clients may switch over it. */
export const ERRORS = {
  invalid: { status: 400, when: 'The path, query or body is not what the call takes.' },
  unauthorized: { status: 401, when: 'No valid credential was presented.' },
  forbidden: { status: 403, when: 'The caller is known and may not do this.' },
  not_found: { status: 404, when: 'There is no such thing, or it belongs to another person.' },
  conflict: { status: 409, when: 'It exists already, or another change came first.' },
  in_use: { status: 409, when: 'Another app has it; the call says how to take it all the same.' },
  too_large: { status: 413, when: 'The body is larger than the call takes.' },
  rate_limited: { status: 429, when: 'Too many attempts; `Retry-After` says when to try again.' },
  internal: { status: 500, when: 'The server failed; its log has the cause under the request id.' },
  unavailable: { status: 503, when: 'A part of the server cannot answer now; try again later.' },
  no_space: { status: 507, when: 'The disk has no room for it; the message says how to make some.' },
} as const satisfies Record<string, { readonly status: number; readonly when: string }>

export type ErrorCode = keyof typeof ERRORS

/** Clients of Space read either `errors` or `detail` (COMPAT 3.4); `code` is for programs. */
export const errorAnswer = z
  .strictObject({
    errors: z.array(z.string()),
    detail: z.string(),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  })
  .meta({ id: 'Error', description: 'Every error has this body.' })
