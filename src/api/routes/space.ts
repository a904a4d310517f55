import { route } from '../route.ts'

export const spaceRoutes = [
  // What the official client asks to see whether a token is good (COMPAT 3.7).
  route({
    method: 'GET',
    path: '/space',
    auth: 'user',
    scopes: ['push', 'read'],
    handler: async (_, { caller }) => Response.json({ name: caller.user.username }),
  }),
]
