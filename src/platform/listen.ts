import { once } from 'node:events'
import { chmod, rm } from 'node:fs/promises'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { Readable } from 'node:stream'
import type { Logger } from '../log.ts'
import { HELD_BODY } from './gateway-headers.ts'
import { UNUSED_MAX_BYTES } from './body.ts'

export interface ListenOptions {
  /** Absolute, in a folder of mode 0700. What an ended server left there is replaced. */
  readonly socketPath: string
  readonly fetch: (request: Request) => Promise<Response>
  readonly log: Logger
}

/**
 * Listens for gateways on a unix socket. On node:http rather than Bun.serve, which drops the body of a GET: three calls of
 * the official client have one, and it is part of what they sign (COMPAT 3.4). Disposing ends open connections.
 */
export async function listenForGateways({ socketPath, fetch, log }: ListenOptions): Promise<AsyncDisposable> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, fetch).catch((error: unknown) => {
      log.debug('connection ended early', { reason: String(error) })
      outgoing.destroy()
    })
  })
  // A slow upload takes as long as it takes: the gateway bounds its clients.
  server.requestTimeout = 0
  server.timeout = 0
  await rm(socketPath, { force: true })
  server.listen(socketPath)
  await once(server, 'listening')
  await chmod(socketPath, 0o600)
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await rm(socketPath, { force: true })
    },
  }
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fetch: ListenOptions['fetch'],
): Promise<void> {
  const url = `http://${incoming.headers.host ?? ''}${incoming.url ?? '/'}`
  if (!URL.canParse(url)) return void outgoing.writeHead(400).end()
  const response = await fetch(await requestOf(url, incoming))
  outgoing.writeHead(response.status, headersOf(response))
  await send(response, outgoing)
}

async function requestOf(url: string, incoming: IncomingMessage): Promise<Request> {
  const { method = 'GET' } = incoming
  const headers = new Headers()
  const { rawHeaders } = incoming
  for (let i = 0; i < rawHeaders.length; i += 2) headers.append(rawHeaders[i]!, rawHeaders[i + 1]!)
  headers.delete(HELD_BODY)
  if (method !== 'GET' && method !== 'HEAD') {
    const body = Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array>
    return new Request(url, { method, headers, body, duplex: 'half' } as RequestInit)
  }
  const held = await readSmall(incoming)
  if (held.length > 0) headers.set(HELD_BODY, held.toString('base64'))
  return new Request(url, { method, headers })
}

async function readSmall(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let total = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    total += chunk.length
    if (total > UNUSED_MAX_BYTES) throw new Error('a GET with a large body')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Pairs, as an answer may set several cookies. */
function headersOf(response: Response): [string, string][] {
  return [...response.headers]
    .filter(([name]) => name !== 'set-cookie')
    .concat(response.headers.getSetCookie().map((value) => ['set-cookie', value]))
}

/** At the pace of who reads; stops reading the source when they leave. */
async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.flushHeaders()
  const reader = response.body?.getReader()
  const gone = once(outgoing, 'close').then(() => reader?.cancel())
  for (;;) {
    const next = await reader?.read()
    if (!next || next.done) break
    if (!outgoing.write(next.value)) await Promise.race([once(outgoing, 'drain'), gone])
    if (outgoing.destroyed) return
  }
  outgoing.end()
}
