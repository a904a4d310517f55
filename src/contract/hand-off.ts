import { z } from 'zod'
import { defineCall } from './define-call.ts'
import { redirect } from './output.ts'

/** Steps of a browser between Home and the host of an app (ARCHITECTURE, "The hand-off"). */
export const handOff = defineCall({
  method: 'GET',
  path: '/auth/handoff',
  summary: 'Step 2 of the hand-off: from Home to the host of an app, with a one-time code',
  auth: 'handoff',
  resource: {
    none: 'The host is looked up among the instances of the caller; another host gets a page that says no.',
  },
  query: z.object({
    host: z.string().max(300).meta({ description: 'The host of the app, as the gateway saw it.' }),
    to: z.string().max(16_384).default('/').meta({ description: 'Path and query to land on.' }),
    challenge: z.string().max(100).meta({
      description: 'base64url(SHA-256(pre-login cookie)): only that browser can use the code.',
    }),
  }),
  output: redirect(302, 'To `/__space/auth/callback` of the app, or to the sign-in page of Home.'),
  errors: {
    unauthorized: 'The session ended a moment ago.',
    forbidden: 'A page elsewhere loads this address, or the app is not yours (as a page).',
  },
})

export const returnTo = defineCall({
  method: 'GET',
  path: '/auth/return',
  summary: 'Go to an address of this server, or to Home (COMPAT 1.2)',
  auth: 'handoff',
  resource: { none: 'Redirects only to hosts of this server and to custom domains of the caller.' },
  query: z.object({ redirect_uri: z.string().max(16_384) }),
  output: redirect(302, 'To the address when it is one of ours, and to Home otherwise.'),
  errors: { forbidden: 'A page elsewhere loads this address.' },
})

export const handOffCallback = defineCall({
  method: 'GET',
  path: '/__space/auth/callback',
  host: 'app',
  summary: 'Step 3 of the hand-off: the one-time code becomes a session of this host',
  auth: 'code',
  resource: { none: 'The code names the person and the instance, and works once.' },
  query: z.object({ code: z.string().default('') }),
  output: redirect(302, 'To the path where the hand-off began; sets `space_session`.'),
})

export const signOutOfApp = defineCall({
  method: 'POST',
  path: '/__space/auth/sign-out',
  host: 'app',
  summary: 'Sign out of this app',
  auth: 'same-origin',
  resource: { none: 'Ends only the session whose secret the request has.' },
  output: redirect(303, 'To Home; removes `space_session`.'),
  errors: { forbidden: 'The page of another origin made the call.' },
})
