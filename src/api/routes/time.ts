import { route } from '../route.ts'

export const timeRoutes = [
  // Clients parse the body as one decimal number, strictly: no JSON, no line end (COMPAT 3.4).
  route({
    method: 'GET',
    path: '/time',
    auth: 'public',
    handler: async ({ now }) =>
      new Response(String(Math.floor(now() / 1000)), { headers: { 'Content-Type': 'text/plain' } }),
  }),
]
