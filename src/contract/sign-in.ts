import { z } from 'zod'
import { publicJson } from './body.ts'
import { defineCall } from './define-call.ts'
import { created, noContent } from './output.ts'
import { NO_ACCOUNT, OWN_ACCOUNT } from './resources.ts'
import { EXAMPLE_USER, user } from './user.ts'

export const signIn = defineCall({
  method: 'POST',
  path: '/api/v0/session',
  summary: 'Sign in at Home',
  description: 'Sets the cookie `space_home`, and ends the sessions that this browser had.',
  auth: 'public',
  resource: NO_ACCOUNT,
  body: publicJson(z.object({ username: z.string().max(300), password: z.string().max(5000) })),
  output: created(z.strictObject({ user })),
  errors: {
    unauthorized: 'The username or the password is wrong.',
    rate_limited: 'Too many wrong passwords; `Retry-After` says when to try again.',
  },
  example: { body: { username: 'ada', password: 'correct horse battery' }, answer: { user: EXAMPLE_USER } },
})

export const signOut = defineCall({
  method: 'DELETE',
  path: '/api/v0/session',
  summary: 'Sign out of Home',
  description: 'Ends this session and each app session that was opened with it, before it answers.',
  auth: 'user',
  resource: OWN_ACCOUNT,
  output: noContent,
  errors: { invalid: 'The request was signed with an access token: there is no session to end.' },
})
