import { answer, listening, prefixes, routes, spellings } from './handlers.mjs'

const { default: express } = await import(process.argv[3])
const app = express()
for (const [number, route] of routes.entries())
  for (const path of spellings(route)) app.all(path, (_, response) => answer(response, number))
for (const [i, prefix] of prefixes.entries())
  app.use(prefix, (_, response) => answer(response, routes.length + i))
const server = app.listen(0, '127.0.0.1', () => listening(server))
