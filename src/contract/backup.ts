import { z } from 'zod'
import { json } from './body.ts'
import { defineCall } from './define-call.ts'
import { stream } from './output.ts'

export const createBackup = defineCall({
  method: 'POST',
  path: '/api/v0/backup',
  summary: 'Back up the whole server',
  description:
    'Everything that `space restore` needs, with the key that decrypts its secrets: for the owner of the server, who gives the password once more. An archive without an end is incomplete.',
  auth: 'user',
  resource: { none: 'Concerns the whole server; the handler asks for its owner and the password.' },
  body: json(z.object({ password: z.string().max(5000) })),
  output: stream('application/zip', 'The archive, while it is made.'),
  errors: {
    forbidden: 'The caller is not the owner of the server, or the password is wrong.',
    conflict: 'Another backup is being made, or the database is PostgreSQL.',
    rate_limited: 'Too many wrong passwords; `Retry-After` says when to try again.',
  },
  example: { body: { password: 'correct horse battery' } },
})
