import { z } from 'zod'
import { defineCall } from './define-call.ts'
import { redirect } from './output.ts'

/** The steps of a browser between Home and the host of an app (ARCHITECTURE, "The hand-off"). */
export const handOff = defineCall({
  method: 'GET',
  path: '/auth/handoff',
  summary: 'Step 2 of the hand-off: from Home to the host of an app, with a one-time code',
  auth: 'handoff',
  resource: {
    none: 'The host is looked up among the instances of the caller; any other host is refused with a page.',
  },
  query: z.object({
    host: z.string().max(300).meta({ description: 'The host of the app, as the gateway received it.' }),
    to: z.string().max(16_384).default('/').meta({ description: 'Path and query to return to.' }),
    challenge: z.string().max(100).meta({
      description:
        'base64url(SHA-256(pre-login cookie)): only the browser with this cookie can use the code.',
    }),
  }),
  output: redirect(302, 'To `/__space/auth/callback` of the app, or to the sign-in page of Home.'),
  errors: {
    unauthorized: 'The session has just ended.',
    forbidden: 'A page of another origin loads this address, or the app is not yours (answered with a page).',
  },
})

export const returnTo = defineCall({
  method: 'GET',
  path: '/auth/return',
  summary: 'Redirect to an address of this server, or to Home (COMPAT 1.2)',
  auth: 'handoff',
  resource: { none: 'Redirects only to hosts of this server and to custom domains of the caller.' },
  query: z.object({ redirect_uri: z.string().max(16_384) }),
  output: redirect(302, 'To `redirect_uri` when it is an address of this server, otherwise to Home.'),
  errors: { forbidden: 'A page of another origin loads this address.' },
})

export const handOffCallback = defineCall({
  method: 'GET',
  path: '/__space/auth/callback',
  host: 'app',
  summary: 'Step 3 of the hand-off: exchange the one-time code for a session of this host',
  auth: 'code',
  resource: { none: 'The code names the person and the instance, and works once.' },
  query: z.object({ code: z.string().default('') }),
  output: redirect(302, 'To the path at which the hand-off began. Sets `space_session`.'),
})

export const signOutOfApp = defineCall({
  method: 'POST',
  path: '/__space/auth/sign-out',
  host: 'app',
  summary: 'Sign out of this app',
  auth: 'same-origin',
  resource: { none: 'Ends only the session whose cookie the request has.' },
  output: redirect(303, 'To Home. Removes `space_session`.'),
  errors: { forbidden: 'A page of another origin made the call.' },
})
