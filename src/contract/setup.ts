import { z } from 'zod'
import { publicJson } from './body.ts'
import { defineCall } from './define-call.ts'
import { created } from './output.ts'
import { NO_ACCOUNT } from './resources.ts'
import { EXAMPLE_USER, user } from './user.ts'

const owner = z.object({
  code: z.string().max(100).meta({ description: 'The set-up code, from the terminal that runs the server.' }),
  username: z.string().max(100),
  email: z.string().max(300).nullish(),
  password: z.string().max(5000),
  token_name: z.string().max(100).optional().meta({
    description: 'For scripts: create an access token of this name instead of a session.',
  }),
})

export const setUp = defineCall({
  method: 'POST',
  path: '/api/v0/setup',
  summary: 'Create the owner of a new server',
  description: 'Signs the owner in (`space_home`), or creates an access token when `token_name` is given.',
  auth: 'public',
  resource: NO_ACCOUNT,
  perMinute: 30,
  body: publicJson(owner),
  output: created(
    z.strictObject({
      user,
      access_token: z.string().optional().meta({ description: 'With `token_name`; shown once.' }),
    }),
  ),
  errors: { unauthorized: 'The set-up code is wrong.', conflict: 'The server has an owner already.' },
  example: {
    body: { code: 'BCDF-GHJK', username: 'ada', password: 'correct horse battery' },
    answer: { user: EXAMPLE_USER },
  },
})
