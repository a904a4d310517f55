import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { listening, prefixes, routes } from './handlers.mjs'

const app = new Hono({ strict: false })
const handle = (number) => (context) => context.body('x', 200, { 'x-handler': String(number) })
for (const [number, route] of routes.entries()) app.all(route, handle(number))
for (const [i, prefix] of prefixes.entries()) app.all(`${prefix}/*`, handle(routes.length + i))
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => listening(server))
