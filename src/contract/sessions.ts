import { z } from 'zod'
import { EXAMPLE_TIME, time } from './common.ts'
import { defineCall } from './define-call.ts'
import { noContent, ok } from './output.ts'
import { OWN_ACCOUNT, OWN_LIST } from './resources.ts'

export const session = z
  .strictObject({
    id: z.string(),
    device: z.string().meta({ examples: ['Firefox on Linux'] }),
    created_at: time,
    last_seen_at: time,
    is_current: z.boolean().meta({ description: 'This call was made with it.' }),
    apps: z
      .array(z.strictObject({ alias: z.string() }))
      .meta({ description: 'Apps that were opened with it.' }),
  })
  .meta({ id: 'Session' })

export const listSessions = defineCall({
  method: 'GET',
  path: '/api/v0/sessions',
  summary: 'List the devices that are signed in',
  auth: 'user',
  resource: OWN_LIST,
  output: ok(z.strictObject({ sessions: z.array(session) })),
  example: {
    answer: {
      sessions: [
        {
          id: 'ses_7g3k2mx9qa',
          device: 'Firefox on Linux',
          created_at: EXAMPLE_TIME,
          last_seen_at: EXAMPLE_TIME,
          is_current: true,
          apps: [{ alias: 'notes-k2j3d4' }],
        },
      ],
    },
  },
})

export const endSession = defineCall({
  method: 'DELETE',
  path: '/api/v0/sessions/:id',
  summary: 'Sign a device out',
  description: 'Ends the session and each app session that was opened with it, before it answers.',
  auth: 'user',
  resource: 'session',
  params: { id: 'Id of the session.' },
  output: noContent,
})

export const endOtherSessions = defineCall({
  method: 'DELETE',
  path: '/api/v0/sessions',
  summary: 'Sign all other devices out',
  description: 'With an access token: all devices.',
  auth: 'user',
  resource: OWN_ACCOUNT,
  output: noContent,
})
