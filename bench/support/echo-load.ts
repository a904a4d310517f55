import { HOST, type Proxy } from './proxies.ts'
import { headersFor, pathFor } from './requests.ts'
import type { Outcome } from './wrk.ts'

const CONNECTIONS = 32
const MESSAGE = Buffer.from(`\x81\x85\0\0\0\0hello`, 'latin1')

/** 32 upgraded connections, each sending a small message as soon as the one before has come back. */
export async function echoLoad(proxy: Proxy, seconds: number): Promise<Outcome> {
  const latencies: number[] = []
  const endAt = performance.now() + seconds * 1000
  await Promise.all(Array.from({ length: CONNECTIONS }, () => echo(proxy, endAt, latencies)))
  latencies.sort((a, b) => a - b)
  return {
    requests: latencies.length,
    perSecond: latencies.length / seconds,
    p50Ms: latencies[latencies.length >> 1] ?? Number.NaN,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
  }
}

async function echo(proxy: Proxy, endAt: number, latencies: number[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const fields = [
    ...headersFor(proxy),
    `Origin: ${proxy.scheme}://${HOST}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ]
  let head = ''
  let missing = 0
  let sentAt = 0
  await Bun.connect({
    hostname: '127.0.0.1',
    port: proxy.port,
    tls: proxy.scheme === 'https' && { rejectUnauthorized: false, serverName: HOST },
    socket: {
      open: (socket) =>
        void socket.write(`GET ${pathFor(proxy, '/ws')} HTTP/1.1\r\n${fields.join('\r\n')}\r\n\r\n`),
      data(socket, bytes) {
        if (missing === 0) {
          head += bytes.toString('latin1')
          if (!head.includes('\r\n\r\n')) return
          if (!head.startsWith('HTTP/1.1 101'))
            return reject(new Error(`${proxy.name}: ${head.split('\r\n')[0]}`))
        } else {
          missing -= bytes.length
          if (missing > 0) return
          latencies.push(performance.now() - sentAt)
        }
        if (performance.now() > endAt) {
          resolve()
          return void socket.end()
        }
        missing = MESSAGE.length
        sentAt = performance.now()
        socket.write(MESSAGE)
      },
      close: () => reject(new Error(`${proxy.name} closed`)),
      error: (_socket, error) => reject(error),
    },
  })
  await promise
}
