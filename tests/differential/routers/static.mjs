/** File servers for Node. The files hold their own path, which is what the answer says. */
import { createServer } from 'node:http'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { folder, listening } from './handlers.mjs'

const kind = process.argv[3]
const notFound = (response) => response.writeHead(404).end()

const server = createServer(await createHandler(kind))
server.listen(0, '127.0.0.1', () => listening(server))

async function createHandler(kind) {
  switch (kind) {
    case 'sirv': {
      const { default: sirv } = await import('sirv')
      const handle = sirv(folder, { dev: true, dotfiles: true, extensions: ['html', 'htm'] })
      return (request, response) => handle(request, response, () => notFound(response))
    }
    case 'serve-static': {
      const { default: serveStatic } = await import('serve-static')
      const handle = serveStatic(folder, { extensions: ['html', 'htm'], dotfiles: 'allow', redirect: false })
      return (request, response) => handle(request, response, () => notFound(response))
    }
    case 'by-hand':
      return byHand
  }
}

/** As in many a tutorial. */
function byHand(request, response) {
  try {
    const path = decodeURIComponent(request.url.split('?')[0])
    const file = normalize(join(folder, path))
    if (!file.startsWith(folder)) return notFound(response)
    const found = [file, join(file, 'index.html'), `${file}.html`].find(
      (one) => existsSync(one) && statSync(one).isFile(),
    )
    if (found === undefined) return notFound(response)
    response.end(readFileSync(found))
  } catch {
    response.writeHead(400).end()
  }
}
