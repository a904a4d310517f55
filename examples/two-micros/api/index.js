import { createServer } from 'node:http'

// The platform takes `/api` off before a request arrives here, and lets nobody but the owner in, except to /public.
const answers = {
  '/public': { message: 'Anyone can read this.' },
  '/secret': { message: 'Only you can read this.' },
}

const server = createServer((request, response) => {
  const answer = answers[new URL(request.url, 'http://localhost').pathname]
  response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer ?? { message: 'Not found' }))
})

const port = Number(process.env.PORT) || 8080
server.listen(port, () => console.log(`Listening on port ${port}`))
