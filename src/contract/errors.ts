import { z } from 'zod'

/** All error codes with their status. The set is closed: clients may switch over it. */
export const ERRORS = {
  invalid: { status: 400, when: 'The path, query or body is invalid.' },
  unauthorized: { status: 401, when: 'No valid credential was presented.' },
  forbidden: { status: 403, when: 'The caller is authenticated, but may not make this call.' },
  not_found: { status: 404, when: 'The resource does not exist, or it belongs to another person.' },
  conflict: { status: 409, when: 'The resource already exists, or its state does not allow the call.' },
  in_use: { status: 409, when: 'Another app has it; the description of the call says how to move it.' },
  too_large: { status: 413, when: 'The body is larger than the limit of the call.' },
  rate_limited: { status: 429, when: 'Too many attempts; `Retry-After` says when to try again.' },
  internal: { status: 500, when: 'The server failed; its log has the cause under the request id.' },
  unavailable: { status: 503, when: 'The server is busy or a part of it is unavailable; try again later.' },
  no_space: { status: 507, when: 'The disk is full; the message says how to free space.' },
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
