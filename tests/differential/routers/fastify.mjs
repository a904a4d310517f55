import Fastify from 'fastify'
import { answer, listening, prefixes, routes } from './handlers.mjs'

// The options with which find-my-way is most forgiving.
const app = Fastify({
  routerOptions: {
    caseSensitive: false,
    ignoreTrailingSlash: true,
    ignoreDuplicateSlashes: true,
    useSemicolonDelimiter: true,
  },
})
const handle = (number) => (_, reply) => {
  reply.hijack()
  answer(reply.raw, number)
}
for (const [number, route] of routes.entries()) app.all(route, handle(number))
for (const [i, prefix] of prefixes.entries()) app.all(`${prefix}/*`, handle(routes.length + i))
await app.listen({ port: 0, host: '127.0.0.1' })
listening(app.server)
