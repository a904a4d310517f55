/** Three readers of the same octets: ours, Node's llhttp, and nginx. */
import { createServer } from 'node:net'
import { readConnection } from '../../src/wire/testing/read-connection.ts'
import { exchange, startNginxProxy } from './nginx-proxy.ts'
import { startNode } from './node-process.ts'
import type { Reader, Reading } from './reading.ts'

export function readByUs(octets: Buffer): Reading {
  const { requests, end } = readConnection([octets])
  return { requests, isRejected: end !== 'open' }
}

/** A real Node, in strict mode as it is by default. */
export async function startNodeReader(): Promise<Reader> {
  const node = startNode('node-reader.mjs')
  return {
    name: 'node',
    async read(octets) {
      return JSON.parse(await node.ask(octets.toString('base64'))) as Reading
    },
    [Symbol.asyncDispose]: () => node[Symbol.asyncDispose](),
  }
}

/** nginx as a proxy: what it forwards to a recording upstream shows how it read the octets. */
export async function startNginxReader(): Promise<Reader> {
  let passed = ''
  const recorder = createServer((socket) => {
    let held = ''
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      passed += bytes.toString('latin1')
      held += bytes.toString('latin1')
      // Answered when whole: requests of one connection are passed on one after the other.
      if (readConnection([Buffer.from(held, 'latin1')]).requests.length === 0) return
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
      held = ''
    })
  })
  await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve))
  const nginx = await startNginxProxy((recorder.address() as { port: number }).port)
  return {
    name: 'nginx',
    async read(octets) {
      passed = ''
      const answers = (await exchange(nginx.port, octets)).toString('latin1')
      const { requests } = readConnection([Buffer.from(passed, 'latin1')])
      // Closing rejects what may still arrive; nginx closes for any Connection field that contains `close`.
      return { requests, isRejected: /^(?:HTTP\/1\.1 [45]|Connection: close)/m.test(answers) }
    },
    [Symbol.asyncDispose]: async () => {
      nginx[Symbol.dispose]()
      recorder.close()
    },
  }
}
