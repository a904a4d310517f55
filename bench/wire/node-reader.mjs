// How llhttp (Node, strict) reads connections: one per line of stdin as base64, answered by one line of JSON.
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

let requests = []
let isRejected = false

const take = (request, response) => {
  const entry = { method: request.method, target: request.url, body: '', isWhole: false }
  requests.push(entry)
  request.on('data', (bytes) => (entry.body += bytes.toString('latin1')))
  request.on('end', () => {
    entry.isWhole = request.complete
    response.end()
  })
  request.on('error', () => {})
}
const server = createServer({ keepAliveTimeout: 1_000 }, take)
server.on('checkContinue', take)
server.on('checkExpectation', take)
server.on('clientError', (_error, socket) => {
  isRejected = true
  socket.destroy()
})

/** Sends the octets, half-closes, and waits until the server has answered all it takes for requests and closes. */
const read = (bytes) =>
  new Promise((resolve) => {
    requests = []
    isRejected = false
    const socket = connect(server.address().port, '127.0.0.1')
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.on('close', () =>
      setImmediate(() => resolve({ requests: requests.filter((r) => r.isWhole), isRejected })),
    )
    socket.setTimeout(1_000, () => socket.destroy())
    socket.end(bytes)
  })

server.listen(0, '127.0.0.1', async () => {
  for await (const line of createInterface({ input: process.stdin })) {
    const { requests, isRejected } = await read(Buffer.from(line, 'base64'))
    const whole = requests.map(({ method, target, body }) => ({ method, target, body }))
    process.stdout.write(`${JSON.stringify({ requests: whole, isRejected })}\n`)
  }
  process.exit(0)
})
