/**
 * The other end of the wire, for tests: an HTTP server that speaks the platform's API, verifies every signature by
 * itself, and records what arrived. Its answers are checked against the contract. It shares no code with the command.
 */
import { createHmac } from 'node:crypto'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type {
  ApiKey,
  Build,
  Collection,
  DataKey,
  Exposure,
  Installation,
  Instance,
  NewCliLogin,
  Promotion,
  Status,
} from '../../contract/index.ts'
import { type Answer, mismatchOf } from './contract-check.ts'

export const FAKE_TOKEN = 'xkcfKpsU_zwDNmNSqG9TGEiR8sSm8HVrSWuJ31b4d'

export interface Received {
  readonly method: string
  /** Exactly as sent. */
  readonly target: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

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
  const mismatches: string[] = []
  const serverSeconds = () => Math.floor(Date.now() / 1000) + (options.clockShiftSeconds ?? 0)
  const handle = async (message: IncomingMessage, response: ServerResponse) => {
    const request = await receive(message)
    received.push(request)
    const answer = answerTo(request, handlers, serverSeconds())
    const mismatch = mismatchOf(keyOf(request), answer)
    if (mismatch) mismatches.push(mismatch)
    reply(response, mismatch ? { status: 500, text: mismatch } : answer)
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
      if (mismatches.length > 0) throw new Error(mismatches.join('\n'))
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

const TIME = '2026-11-21T12:00:00.000Z'

export const FAKE_INSTANCE: Instance = {
  id: 'inst_1',
  app_id: 'app_1',
  app_name: 'SpaceAuth',
  alias: 'spaceauth-k2j3d4',
  url: 'http://spaceauth-k2j3d4.space.localhost:7070',
  collection_id: 'k4x8m2q7vd3w9xab',
  channel: 'development',
  status: 'running',
  revision_tag: 'dory-weyi',
  icon_url: null,
  updated_at: TIME,
  api_keys_enabled: false,
  public_routes: [],
  micros: [
    {
      id: 'express',
      name: 'express',
      primary: true,
      engine: 'nodejs20.x',
      mount: '/',
      api_keys: false,
      presets: { env: [] },
    },
  ],
  release: {
    id: 'rel_1',
    app_name: 'SpaceAuth',
    channel: 'development',
    icon_url: null,
    short_description: '',
  },
}

export const FAKE_COLLECTION: Collection = {
  id: 'k4x8m2q7vd3w9xab',
  name: 'Recipes',
  kind: 'headless',
  app_id: null,
  instance_id: null,
  created_at: TIME,
}

export const FAKE_DATA_KEY: DataKey = {
  id: 'dkey_1',
  name: 'backup',
  kind: 'user',
  created_at: TIME,
  read_only: false,
  bases: null,
  drives: null,
  last_used_at: null,
}

const FAKE_APP = { id: 'app_1', name: 'SpaceAuth', alias: 'spaceauth' }

export const FAKE_APP_LISTING = {
  ...FAKE_APP,
  status: 'active',
  created_at: TIME,
  updated_at: TIME,
} as const

export const FAKE_STATUS: Status = {
  setup: 'done',
  version: '0.1.0',
  max_upload_bytes: 262_144_000,
  user: null,
}

/** Of a server without an owner. */
export const FAKE_NEW_SERVER: Status = { ...FAKE_STATUS, setup: 'needed' }

export const FAKE_KEY: ApiKey = {
  id: 'key_1',
  name: 'backup',
  created_at: TIME,
  micros: null,
  methods: null,
  paths: null,
  per_minute: null,
  origins: null,
  expires_at: null,
  last_used_at: null,
  uses: 0,
}

export const FAKE_CLI_LOGIN: NewCliLogin = {
  id: 'cli_1',
  poll_token: 'poll-secret',
  user_code: 'BCDF-GHJK',
  url: 'http://space.localhost:7070/cli',
  expires_at: '2026-11-21T12:10:00.000Z',
}

export const FAKE_BUILD: Build = {
  id: 'bld_1',
  app_id: 'app_1',
  tag: 'dory-weyi',
  status: 'complete',
  failure: null,
  created_at: TIME,
}

const FAKE_PROMOTION: Promotion = {
  id: 'rel_1',
  app_id: 'app_1',
  revision_id: 'bld_1',
  channel: 'development',
  version: '0.0.1',
  status: 'complete',
  failure: null,
  created_at: TIME,
}

export const FAKE_INSTALLATION: Installation = {
  id: 'ins_1',
  app_id: 'app_1',
  release_id: 'rel_1',
  instance_id: 'inst_1',
  status: 'complete',
  failure: null,
  created_at: TIME,
}

export const NO_EXPOSURE: Exposure = { opens: [], closes: [], keeps: [], warnings: [] }
const PAGE = { size: 1, last: null }

const DEFAULTS: Record<string, Handler> = {
  'GET /v0/status': () => ({ json: FAKE_STATUS }),
  'GET /v0/space': () => ({ json: { name: 'ada' } }),
  'GET /v0/apps': () => ({ json: { apps: [] } }),
  'POST /v0/apps': () => ({ status: 201, json: FAKE_APP }),
  'GET /v0/apps/app_1': () => ({ json: FAKE_APP }),
  'POST /v0/builds': () => ({ status: 202, json: { id: 'bld_1' } }),
  'POST /v0/builds/bld_1/manifest': () => ({ json: { build_id: 'bld_1', exposure: NO_EXPOSURE } }),
  'POST /v0/builds/bld_1/*': () => ({ json: { build_id: 'bld_1' } }),
  'GET /v0/builds/bld_1/logs': () => ({ text: '[express] added 57 packages\n' }),
  'GET /v0/builds/bld_1': () => ({ json: { ...FAKE_BUILD, exposure: NO_EXPOSURE } }),
  'GET /v0/promotions': () => ({ json: { promotions: [FAKE_PROMOTION], page: PAGE } }),
  'GET /v0/promotions/rel_1/logs': () => ({ text: '' }),
  'GET /v0/promotions/rel_1': () => ({ json: FAKE_PROMOTION }),
  'GET /v0/installations': () => ({ json: { installations: [FAKE_INSTALLATION], page: PAGE } }),
  'GET /v0/installations/ins_1/logs': () => ({
    text: `configuring resource 1 out of 1...\n${FAKE_INSTANCE.url}\n`,
  }),
  'GET /v0/installations/ins_1': () => ({ json: FAKE_INSTALLATION }),
  'GET /v0/instances': () => ({ json: { instances: [FAKE_INSTANCE] } }),
  'GET /v0/instances/inst_1': () => ({ json: FAKE_INSTANCE }),
}
