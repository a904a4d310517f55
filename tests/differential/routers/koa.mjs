import { Router } from '@koa/router'
import Koa from 'koa'
import { listening, prefixes, routes, spellings } from './handlers.mjs'

const router = new Router()
const handle = (number) => (context) => {
  context.set('x-handler', String(number))
  context.body = 'x'
}
for (const [number, route] of routes.entries())
  for (const path of spellings(route)) router.all(path, handle(number))
for (const [i, prefix] of prefixes.entries()) router.all(`${prefix}/*rest`, handle(routes.length + i))
const server = new Koa().use(router.routes()).listen(0, '127.0.0.1', () => listening(server))
