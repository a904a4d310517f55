/** Three readers of the same octets: ours, Node's llhttp, and nginx. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConnection } from '../../src/wire/testing/read-connection.ts'
import { freePort, startListening } from '../support/process.ts'
import type { Reader, Reading } from './reading.ts'

export function readByUs(octets: Buffer): Reading {
  const { requests, end } = readConnection([octets])
  return { requests, isRejected: end !== 'open' }
}

/** A real Node, in strict mode as it is by default. */
export async function startNodeReader(): Promise<Reader> {
  const child = Bun.spawn(['node', join(import.meta.dir, 'node-reader.mjs')], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const lines = linesOf(child.stdout)
  return {
    name: 'node',
    async read(octets) {
      child.stdin.write(`${octets.toString('base64')}\n`)
      await child.stdin.flush()
      const { value } = await lines.next()
      return JSON.parse(value!) as Reading
    },
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await child.exited
    },
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const bytes of stream) {
    text += decoder.decode(bytes, { stream: true })
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n')) {
      yield text.slice(0, end)
      text = text.slice(end + 1)
    }
  }
}

/** nginx as a proxy: what it passes on to a recording upstream is how it read the octets. */
export async function startNginxReader(): Promise<Reader> {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-fuzz-'))
  let passed = ''
  const recorder = createServer((socket) => {
    let held = ''
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      passed += bytes.toString('latin1')
      held += bytes.toString('latin1')
      // Answered when whole: requests of one connection are passed on one after the other.
      for (const { requests } = readConnection([Buffer.from(held, 'latin1')]); requests.length > 0;) {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
        held = ''
        break
      }
    })
  })
  await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve))
  const port = freePort()
  const config = join(folder, 'nginx.conf')
  writeFileSync(
    config,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log /dev/null;
     events { worker_connections 256; }
     http {
       access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; lingering_close off;
       server {
         listen 127.0.0.1:${port};
         location / {
           proxy_pass http://127.0.0.1:${(recorder.address() as { port: number }).port};
           proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_set_header Connection keep-alive; proxy_ignore_client_abort on;
         }
       }
     }`,
  )
  const nginx = await startListening(['nginx', '-c', config], port)
  return {
    name: 'nginx',
    async read(octets) {
      passed = ''
      const answers = await exchange(port, octets)
      const { requests } = readConnection([Buffer.from(passed, 'latin1')])
      // Closing is refusing what may still come; nginx does so for any Connection field with `close` in it.
      return { requests, isRejected: /^(?:HTTP\/1\.1 [45]|Connection: close)/m.test(answers) }
    },
    [Symbol.asyncDispose]: async () => {
      nginx[Symbol.dispose]()
      recorder.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const QUIET_MS = 2_000

/** Sends the octets, half-closes, and gives all that comes back until the server closes. */
function exchange(port: number, octets: Buffer): Promise<string> {
  return new Promise((resolve) => {
    let answers = ''
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.on('data', (bytes) => (answers += bytes.toString('latin1')))
    socket.on('close', () => resolve(answers))
    // nginx keeps a connection whose client has half-closed in the middle of a body: it waits for more.
    socket.setTimeout(QUIET_MS, () => socket.destroy())
    socket.end(octets)
  })
}
