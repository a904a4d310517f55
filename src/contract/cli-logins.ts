import { z } from 'zod'
import { json, publicJson } from './body.ts'
import { EXAMPLE_TIME, time } from './common.ts'
import { TOKEN_SCOPES, defineCall } from './define-call.ts'
import { created, noContent, ok } from './output.ts'
import { NO_ACCOUNT } from './resources.ts'

const userCode = z.object({
  user_code: z.string().max(40).meta({ description: 'The code that the terminal shows.' }),
})
const BY_CODE = {
  none: 'Named by the code that the terminal shows; the person who has the code may answer.',
} as const
const NO_LOGIN = 'There is no such log-in, or it was answered or has expired.'
const EXAMPLE_CODE = 'BCDF-GHJK'

export const startCliLogin = defineCall({
  method: 'POST',
  path: '/api/v0/cli-logins',
  summary: 'Begin a log-in from a terminal',
  description: 'The person opens `url` and types the code within ten minutes; the terminal polls.',
  auth: 'public',
  resource: NO_ACCOUNT,
  perMinute: 30,
  body: publicJson(
    z.object({
      name: z.string().max(200).meta({ description: 'What the program calls itself.' }),
      scope: z.enum(TOKEN_SCOPES).optional().meta({ description: 'Of the token; `all` without it.' }),
    }),
  ),
  output: created(
    z
      .strictObject({
        id: z.string(),
        poll_token: z.string(),
        user_code: z.string(),
        url: z.string(),
        expires_at: time,
      })
      .meta({ id: 'NewCliLogin' }),
  ),
  example: {
    body: { name: 'space on laptop' },
    answer: {
      id: 'cli_5m2x8k4qvz',
      poll_token: '6fXq…',
      user_code: EXAMPLE_CODE,
      url: 'http://space.localhost:7070/cli',
      expires_at: EXAMPLE_TIME,
    },
  },
})

export const pollCliLogin = defineCall({
  method: 'POST',
  path: '/api/v0/cli-logins/:id/poll',
  summary: 'Ask whether a log-in was approved',
  description: 'The access token is handed out once.',
  auth: 'public',
  resource: { none: 'Named by the poll token, which only the terminal has.' },
  perMinute: 120,
  // Only the terminal that began the log-in knows its id: no stranger can use up its polls.
  countedBy: 'id',
  params: { id: 'Id of the log-in.' },
  body: publicJson(z.object({ poll_token: z.string().max(200) })),
  output: ok(
    z
      .strictObject({
        status: z.enum(['pending', 'approved', 'denied', 'expired']),
        access_token: z.string().optional().meta({ description: 'With `approved`.' }),
      })
      .meta({ id: 'CliLoginPoll' }),
  ),
  example: { body: { poll_token: '6fXq…' }, answer: { status: 'pending' } },
})

export const findCliLogin = defineCall({
  method: 'GET',
  path: '/api/v0/cli-logins',
  summary: 'Show a log-in to the person who is to approve it',
  auth: 'user',
  resource: BY_CODE,
  query: userCode,
  output: ok(
    z
      .strictObject({
        id: z.string(),
        name: z.string().meta({ description: 'Chosen by the program, which may be a stranger’s.' }),
        scope: z.enum(TOKEN_SCOPES),
        client: z.string().meta({ description: 'The address that it was begun from.' }),
        network: z.enum(['same', 'other', 'unknown']).meta({
          description: 'Whether that address is in the network of the caller.',
        }),
        user_code: z.string(),
        created_at: time,
      })
      .meta({ id: 'CliLogin' }),
  ),
  errors: {
    forbidden: 'The request was signed with an access token.',
    not_found: NO_LOGIN,
    rate_limited: 'Too many wrong codes.',
  },
  example: {
    query: { user_code: EXAMPLE_CODE },
    answer: {
      id: 'cli_5m2x8k4qvz',
      name: 'space on laptop',
      scope: 'all',
      client: '192.0.2.7',
      network: 'same',
      user_code: EXAMPLE_CODE,
      created_at: EXAMPLE_TIME,
    },
  },
})

const answerErrors = {
  forbidden: 'The request was signed with an access token: a token must not create others.',
  not_found: NO_LOGIN,
  rate_limited: 'Too many wrong codes.',
} as const

export const approveCliLogin = defineCall({
  method: 'POST',
  path: '/api/v0/cli-logins/:id/approve',
  summary: 'Approve a log-in',
  description: 'With a session of Home only.',
  auth: 'user',
  resource: BY_CODE,
  params: { id: 'Id of the log-in.' },
  body: json(userCode),
  output: noContent,
  errors: answerErrors,
  example: { body: { user_code: EXAMPLE_CODE } },
})

export const denyCliLogin = defineCall({
  method: 'POST',
  path: '/api/v0/cli-logins/:id/deny',
  summary: 'Refuse a log-in',
  description: 'With a session of Home only.',
  auth: 'user',
  resource: BY_CODE,
  params: { id: 'Id of the log-in.' },
  body: json(userCode),
  output: noContent,
  errors: answerErrors,
  example: { body: { user_code: EXAMPLE_CODE } },
})
