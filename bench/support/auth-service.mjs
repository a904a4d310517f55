// What people put behind nginx's auth_request and Caddy's forward_auth: a small Node service that checks a cookie.
// Prints its port.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'

const digest = (text) => createHash('sha256').update(text).digest('base64url')
const sessions = new Map([[digest(process.argv[2]), 'usr_owner']])

const server = createServer({ keepAlive: true, keepAliveTimeout: 60_000 }, (request, response) => {
  const cookie = /(?:^|;\s*)space_session=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? ''
  const user = sessions.get(digest(cookie))
  response.writeHead(user === undefined ? 401 : 200, user === undefined ? {} : { 'X-User': user })
  response.end()
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
