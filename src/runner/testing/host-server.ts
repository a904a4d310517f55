import { createServer } from 'node:net'
import type { Server } from 'node:net'

/** A server of the host that counts its connections. */
export async function listenOnHost(where: { port: number; host: string } | { path: string }) {
  let connections = 0
  const server: Server = createServer((socket) => {
    connections += 1
    socket.end()
  })
  await new Promise<void>((resolve) => server.listen(where, resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    connections: () => connections,
    [Symbol.dispose]: () => void server.close(),
  }
}
