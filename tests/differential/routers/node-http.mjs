/** What people write by hand: a table by `URL.pathname`, decoded, without a last slash, whatever the case. */
import { createServer } from 'node:http'
import { answer, listening, prefixes, routes } from './handlers.mjs'

const normal = (path) => path.toLowerCase().replace(/\/+$/, '') || '/'
const table = new Map(routes.map((route, number) => [normal(route), number]))

const server = createServer((request, response) => {
  let path
  try {
    path = normal(decodeURIComponent(new URL(request.url, 'http://host').pathname))
  } catch {
    response.writeHead(400).end()
    return
  }
  const prefix = prefixes.findIndex((prefix) => path.startsWith(`${prefix}/`))
  const number = table.get(path) ?? (prefix < 0 ? undefined : routes.length + prefix)
  if (number === undefined) response.writeHead(404).end()
  else answer(response, number)
})
server.listen(0, '127.0.0.1', () => listening(server))
