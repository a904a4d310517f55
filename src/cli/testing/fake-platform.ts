/**
 * The other end of the wire, for tests: an HTTP server that speaks the platform's API as ARCHITECTURE and COMPAT 3
 * have it, verifies every signature, and records what arrived. It shares no code with the command.
 */
import { createHmac } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export const FAKE_TOKEN = 'xkcfKpsU_zwDNmNSqG9TGEiR8sSm8HVrSWuJ31b4d'

export interface Received {
  readonly method: string
  /** Exactly as sent. */
  readonly target: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

export type Answer =
  | { readonly status?: number; readonly json: unknown; readonly headers?: Record<string, string> }
  /** The connection ends without an answer. */
  | 'lost'
  /** `isCut`: the connection breaks after the text. */
  | { readonly status?: number; readonly text: string; readonly isCut?: boolean }
type Handler = (request: Received) => Answer

export interface FakePlatform extends AsyncDisposable {
  readonly origin: string
  readonly received: readonly Received[]
  /** `POST /v0/builds` for every call, in order; `/time` left out. */
  calls(): string[]
  /** Answers another way from now on; the key is `METHOD /path` below `/api`, or ends in `*`. */
  on(key: string, handler: Handler): void
}

/** Starts on a free loopback port, as a server with an owner and one app that can be pushed. */
export async function startFakePlatform(options: { clockShiftSeconds?: number } = {}): Promise<FakePlatform> {
  const handlers = new Map<string, Handler>(Object.entries(DEFAULTS))
  const received: Received[] = []
  const serverSeconds = () => Math.floor(Date.now() / 1000) + (options.clockShiftSeconds ?? 0)
  const handle = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await receive(message)
    received.push(request)
    reply(response, answerTo(request, handlers, serverSeconds()))
  }
  const server = createServer((message, response) => void handle(message, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    calls: () => received.map(keyOf).filter((key) => key !== 'GET /v0/time'),
    on: (key, handler) => void handlers.set(key, handler),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const PUBLIC = ['GET /v0/time', 'GET /v0/status', 'POST /v0/setup', 'POST /v0/cli-logins']

function answerTo(request: Received, handlers: Map<string, Handler>, nowSeconds: number): Answer {
  const key = keyOf(request)
  if (key === 'GET /v0/time') return { text: String(nowSeconds) }
  const isPublic = PUBLIC.some((path) => key === path || key.startsWith(`${path}/`))
  if (!isPublic && !isSigned(request, nowSeconds))
    return { status: 401, json: { errors: ['Unauthorized'], detail: 'Unauthorized', code: 'unauthorized' } }
  const wildcard = [...handlers.keys()].find(
    (pattern) => pattern.endsWith('*') && key.startsWith(pattern.slice(0, -1)),
  )
  const handler = handlers.get(key) ?? (wildcard ? handlers.get(wildcard) : undefined)
  return (
    handler?.(request) ?? {
      status: 404,
      json: { errors: ['Not found'], detail: 'Not found', code: 'not_found' },
    }
  )
}

/** COMPAT 3.4, written from the table and not from our signer. */
function isSigned({ method, target, headers, body }: Received, nowSeconds: number): boolean {
  const [keyId, secret] = FAKE_TOKEN.split('_')
  const timestamp = String(headers['x-deta-timestamp'])
  if (Math.abs(Number(timestamp) - nowSeconds) > 300) return false
  const text = Buffer.concat([
    Buffer.from(`${method}\n${target}\n${timestamp}\n${headers['content-type'] ?? ''}\n`),
    body,
    Buffer.from('\n'),
  ])
  const hex = createHmac('sha256', secret!).update(text).digest('hex')
  return headers['x-deta-signature'] === `v0=${keyId}:${hex}`
}

const keyOf = ({ method, target }: Received) =>
  `${method} ${target.replace(/^\/api/, '').replace(/\?.*/, '')}`

async function receive(message: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  const { method = '', url = '', headers } = message
  return { method, target: url, headers, body: Buffer.concat(chunks) }
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === 'lost') return void response.destroy()
  response.statusCode = answer.status ?? 200
  if ('json' in answer)
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value)
  response.setHeader('Content-Type', 'json' in answer ? 'application/json' : 'text/plain')
  if ('text' in answer && answer.isCut) return void response.write(answer.text, () => response.destroy())
  response.end('json' in answer ? JSON.stringify(answer.json) : answer.text)
}

export const FAKE_INSTANCE = {
  id: 'inst_1',
  app_id: 'app_1',
  app_name: 'SpaceAuth',
  alias: 'spaceauth-k2j3d4',
  url: 'http://spaceauth-k2j3d4.space.localhost:7070',
  channel: 'development',
  status: 'running',
  revision_tag: 'dory-weyi',
  updated_at: '2026-11-21T12:00:00Z',
  api_keys_enabled: false,
  public_routes: [] as { micro: string; mount: string; pattern: string }[],
}

const APP = { id: 'app_1', name: 'SpaceAuth', alias: 'spaceauth' }

const DEFAULTS: Record<string, Handler> = {
  'GET /v0/status': () => ({ json: { setup: 'done', version: '0.1.0', user: null } }),
  'GET /v0/space': () => ({ json: { name: 'ada' } }),
  'GET /v0/apps': () => ({ json: { apps: [] } }),
  'POST /v0/apps': () => ({ status: 201, json: APP }),
  'GET /v0/apps/app_1': () => ({ json: APP }),
  'POST /v0/builds': () => ({ status: 202, json: { id: 'bld_1' } }),
  'POST /v0/builds/bld_1/*': () => ({ json: { build_id: 'bld_1' } }),
  'GET /v0/builds/bld_1/logs': () => ({ text: '[express] added 57 packages\n' }),
  'GET /v0/builds/bld_1': () => ({
    json: { id: 'bld_1', status: 'complete', tag: 'dory-weyi', failure: null },
  }),
  'GET /v0/promotions': () => ({ json: { promotions: [{ id: 'rel_1', channel: 'development' }], page: {} } }),
  'GET /v0/promotions/rel_1/logs': () => ({ text: '' }),
  'GET /v0/promotions/rel_1': () => ({ json: { id: 'rel_1', status: 'complete' } }),
  'GET /v0/installations': () => ({
    json: { installations: [{ id: 'ins_1', instance_id: 'inst_1' }], page: {} },
  }),
  'GET /v0/installations/ins_1/logs': () => ({
    text: `configuring resource 1 out of 1...\n${FAKE_INSTANCE.url}\n`,
  }),
  'GET /v0/installations/ins_1': () => ({ json: { id: 'ins_1', status: 'complete', failure: null } }),
  'GET /v0/instances': () => ({ json: { instances: [FAKE_INSTANCE] } }),
  'GET /v0/instances/inst_1': () => ({ json: FAKE_INSTANCE }),
}
