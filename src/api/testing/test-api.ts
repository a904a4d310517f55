import { createHmac, randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { insertOwner } from '../../people/testing/insert-person.ts'
import { createLimits, createSetupCode } from '../../sessions/index.ts'
import { type BuildDeps, type Registries, buildRevision, openBuildCaches } from '../../builds/index.ts'
import { type Database, openFolders } from '../../storage/index.ts'
import { createSealer } from '../../storage/sealer.ts'
import { openTestDatabase } from '../../storage/testing/test-database.ts'
import { type TestServices, startTestServices } from '../../pushes/testing/start-services.ts'
import { createAppHosts } from '../../instances/index.ts'
import type { MicroRunner } from '../../runner/index.ts'
import { openDiskGuard } from '../../disk/index.ts'
import type { DirectoryChange, DirectoryPublisher, Refusal, UseCount } from '../../directory/index.ts'
import { type Logger, silentLogger } from '../../kernel/log.ts'
import { Backups } from '../../backups/index.ts'
import { DataClient } from '../../data/index.ts'
import { IMPORT_LIMITS } from '../../transfers/index.ts'
import { ContractMismatch } from '../answer-check.ts'
import type { ApiLimits } from '../api-limits.ts'
import { createHome } from '../home/home.ts'
import { createApi } from '../create-api.ts'
import { openCollectionCalls } from './collection-calls.ts'
import { type ServerTables, serverMigrations } from '../schema.ts'
import { storageMigrations } from '../../storage/migrations/index.ts'

export const SETUP_CODE = 'TEST-CODE'
export const OWNER = { username: 'ada', password: 'correct horse battery' }
export const HOME = 'http://space.localhost:7070'
const CONFIG = { domain: 'space.localhost', homeOrigin: HOME, homeHosts: ['space.localhost', 'localhost'] }

/** The source of a request, as headers that a browser or a program sends. */
export const FROM = {
  /** Home's own page. */
  home: { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', Origin: HOME },
  /** The page of an app of the same person: the same site, another origin. */
  sibling: {
    'Sec-Fetch-Site': 'same-site',
    'Sec-Fetch-Mode': 'cors',
    Origin: 'http://evil-abc234.space.localhost:7070',
  },
  /** A typed address or a followed link. */
  addressBar: {
    'Sec-Fetch-Site': 'none',
    'Sec-Fetch-Mode': 'navigate',
    'Sec-Fetch-Dest': 'document',
  },
  program: {},
} as const

export interface TestApi extends AsyncDisposable {
  readonly db: Database<ServerTables>
  readonly folder: string
  /** Changes that were published to gateways, oldest first. */
  readonly published: DirectoryChange[]
  readonly directory: Pick<DirectoryPublisher, 'publish' | 'findRefusal' | 'onUse'>
  /** What gateways remember, by id. */
  readonly refusals: Map<string, Refusal>
  /** The TXT records that name servers have, by name. */
  readonly txt: Map<string, string[]>
  readonly domains: TestServices['domains']
  readonly sync: TestServices['sync']
  /** Reports use counts as a gateway does. */
  readonly used: { report(counts: readonly UseCount[]): void }
  /** Tests may move it. */
  readonly clock: { nowMs: number }
  fetch(request: Request): Promise<Response>
  /** A request to Home. */
  call(method: string, path: string, options?: CallOptions): Promise<Response>
}

export interface CallOptions {
  readonly from?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly cookie?: string
  /** An object is sent as JSON. */
  readonly body?: object | string | Uint8Array
  /** Signs the request with an access token. */
  readonly token?: string
  readonly origin?: string
}

export interface TestApiOptions {
  /** Kept at the end. */
  readonly folder?: string
  readonly minFreeBytes?: number
  readonly reserveBytes?: number
  readonly cliTokenIdleMs?: number
  readonly bounds?: Partial<ApiLimits>
  readonly log?: Logger
  readonly registries?: Registries
}

/** A whole platform on a real database in a temporary folder; only gateways are missing, whose news is recorded. */
export async function openTestApi(options: TestApiOptions = {}): Promise<TestApi> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ownspace-platform-'))
  const { log = silentLogger, minFreeBytes = 0, reserveBytes = 0 } = options
  const disk = openDiskGuard({ dir: folder, reserveBytes, minFreeBytes, log })
  await disk.replenish()
  const path = join(folder, 'ownspace.db')
  const migrations = [...storageMigrations, ...serverMigrations]
  const database = await openTestDatabase<ServerTables>(migrations, { path, room: disk })
  const { db } = database
  const { publisher, ...gateways } = recordGateways()
  const txt = new Map<string, string[]>()
  const sealer = createSealer(randomBytes(32))
  const limits = createLimits(0)
  const hosts = createAppHosts(CONFIG)
  const clock = { nowMs: Date.UTC(2026, 10, 21, 12) }
  const now = () => clock.nowMs
  const folders = openFolders(folder)
  const caches = openBuildCaches({
    dir: join(folder, 'cache'),
    appBytes: Number.POSITIVE_INFINITY,
    totalBytes: Number.POSITIVE_INFINITY,
    hasRoom: disk.hasRoom,
    log,
  })
  const buildDeps = { runner: NO_BUILDS, caches, workBytes: Number.POSITIVE_INFINITY }
  const common = { db, sealer, hosts, log, now }
  const services = await startTestServices({
    ...common,
    folders,
    publisher,
    runner: NO_PROCESSES,
    lookUpTxt: async (name) => ({ kind: 'records', values: txt.get(name) ?? [] }),
    build: (input) => buildRevision(input, buildDeps),
    caches,
    disk,
    keptRevisions: 10,
    registries: options.registries,
  })
  const collectionsDir = folders.collections
  const data = openCollectionCalls({ collectionsDir, log })
  const backups = await Backups.open({
    ...common,
    data: new DataClient(join(folder, 'data-admin.sock')),
    dataDir: folder,
    isDatabaseInFolder: false,
    certificates: [],
    version: '0.0.0-test',
  })
  const mismatches = watchMismatches(log)
  const webDir = join(folder, 'web')
  writeWeb(webDir)
  const api = createApi({
    ...common,
    version: '0.0.0-test',
    home: createHome(CONFIG),
    ownHosts: CONFIG,
    limits,
    setupCode: createSetupCode(limits, SETUP_CODE),
    // By default they outlive the clocks that tests move.
    cliTokenIdleMs: options.cliTokenIdleMs ?? null,
    pushes: services.pushes,
    instances: services.instances,
    domains: services.domains,
    collections: services.collections,
    data,
    importLimits: IMPORT_LIMITS,
    backups,
    directory: publisher,
    sync: services.sync,
    readMicroLog: async () => [],
    uploadsDir: folders.uploads,
    bounds: options.bounds,
    webDir,
    checksAnswers: true,
    log: mismatches.log,
  })
  const fetch = mismatches.failing(api.fetch)
  return {
    db,
    folder,
    ...gateways,
    txt,
    domains: services.domains,
    sync: services.sync,
    directory: publisher,
    clock,
    fetch,
    call: (method, path, call = {}) => {
      // A signature is good once, and the same call in the same second has the same one.
      if (call.token) clock.nowMs += 1000
      return fetch(requestOf(method, path, call, now()))
    },
    async [Symbol.asyncDispose]() {
      await services[Symbol.asyncDispose]()
      await data[Symbol.asyncDispose]()
      await caches[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
      if (!options.folder) rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Clients see an answer that breaks the contract as a 500; here it fails the test that made the call. */
function watchMismatches(inner: Logger) {
  const found: ContractMismatch[] = []
  const log: Logger = {
    ...inner,
    error: (message, fields, error) => {
      if (error instanceof ContractMismatch) found.push(error)
      inner.error(message, fields, error)
    },
  }
  const failing = (fetch: TestApi['fetch']) => async (request: Request) => {
    const response = await fetch(request)
    const [mismatch] = found.splice(0)
    if (mismatch) throw mismatch
    return response
  }
  return { log, failing }
}

/** In place of gateways: keeps what they would be told, and says what they would remember and count. */
function recordGateways() {
  const published: DirectoryChange[] = []
  const refusals = new Map<string, Refusal>()
  const used: TestApi['used'] = { report: () => {} }
  const publisher = {
    publish: async (changes: readonly DirectoryChange[]) => void published.push(...changes),
    onWake: () => {},
    onAskCrash: () => {},
    activeMicros: async () => [],
    untilDrained: async () => {},
    onUse: (handler: (counts: readonly UseCount[]) => void) => void (used.report = handler),
    onNote: () => {},
    findRefusal: async (id: string) => refusals.get(id) ?? null,
  }
  return { publisher, published, refusals, used }
}

/** These tests push static micros; whatever would start a process is a mistake of the test. */
const NO_PROCESSES: MicroRunner = {
  ensureRunning: () => Promise.reject(new Error('nothing is started here')),
  stop: async () => {},
  sleep: async () => {},
  touch: () => {},
  listIdle: () => [],
  onExit: () => () => {},
  status: () => 'asleep',
  readLog: async () => [],
  logTail: async () => '',
  writeLog: () => {},
  deleteLogs: () => {},
}
const NO_BUILDS: BuildDeps['runner'] = { runBuild: () => Promise.reject(new Error('nothing is run here')) }

function writeWeb(webDir: string): void {
  mkdirSync(webDir)
  writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>Home</title>')
  writeFileSync(join(webDir, 'main-3f9k2jx1.js'), 'export {}')
  writeFileSync(join(webDir, 'main-3f9k2jx1.js.gz'), 'compressed')
  writeFileSync(join(webDir, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  writeFileSync(join(webDir, '.secret.js'), 'hidden')
}

function requestOf(method: string, path: string, options: CallOptions, nowMs: number): Request {
  const { body } = options
  const isJson = body !== undefined && typeof body === 'object' && !(body instanceof Uint8Array)
  const text = isJson ? JSON.stringify(body) : (body as string | Uint8Array | undefined)
  const headers = new Headers({
    ...options.from,
    ...(isJson ? { 'Content-Type': 'application/json' } : {}),
    ...options.headers,
  })
  if (options.cookie) headers.set('Cookie', options.cookie)
  if (options.token) sign(headers, { method, path, body: text ?? '', token: options.token, nowMs })
  return new Request(`${options.origin ?? HOME}${path}`, {
    method,
    headers,
    body: text as BodyInit | undefined,
  })
}

/** As the official client signs (COMPAT 3.4). */
export function sign(
  headers: Headers,
  call: { method: string; path: string; body: string | Uint8Array; token: string; nowMs: number },
): void {
  const [id = '', secret = ''] = call.token.split('_')
  const timestamp = String(Math.floor(call.nowMs / 1000))
  const head = `${call.method}\n${call.path}\n${timestamp}\n${headers.get('content-type') ?? ''}\n`
  const hmac = createHmac('sha256', secret).update(head).update(call.body).update('\n').digest('hex')
  headers.set('X-Deta-Timestamp', timestamp)
  headers.set('X-Deta-Signature', `v0=${id}:${hmac}`)
}

export interface Owner {
  /** `Cookie` value of the browser that set the platform up. */
  readonly cookie: string
  readonly token: string
}

/** An owner who is signed in as a browser, and has a token. What set-up itself does is `setUpByScript`. */
export async function setUp(platform: TestApi): Promise<Owner> {
  await insertOwner(platform.db, OWNER, platform.clock.nowMs)
  const cookie = cookieOf(await platform.call('POST', '/api/v0/session', { body: OWNER }))
  const created = { cookie, from: FROM.home, body: { name: 'tests' } }
  const { value } = await json<{ value: string }>(platform.call('POST', '/api/v0/access-tokens', created))
  return { cookie, token: value }
}

export interface OwnedApi {
  readonly platform: TestApi
  readonly owner: Owner
}

/** The API of a server that has been set up. */
export async function openWithOwner(options?: TestApiOptions): Promise<OwnedApi> {
  const platform = await openTestApi(options)
  return { platform, owner: await setUp(platform) }
}

/** Sets the platform up as a script, and signs in as a browser. */
export async function setUpByScript(platform: TestApi): Promise<Owner> {
  const response = await platform.call('POST', '/api/v0/setup', {
    body: { code: SETUP_CODE, ...OWNER, token_name: 'tests' },
  })
  const { access_token } = (await response.json()) as { access_token: string }
  const signedIn = await platform.call('POST', '/api/v0/session', { body: OWNER })
  return { cookie: cookieOf(signedIn), token: access_token }
}

/** `name=value` of the first cookie that an answer sets. */
export const cookieOf = (response: Response): string =>
  (response.headers.get('set-cookie') ?? '').split(';', 1)[0]!

export interface Pushed {
  readonly buildId: string
  readonly code: Response
}

const SITE = { 'site/index.html': '<h1>Notes</h1>' }
export const SPACEFILE = `v: 0
micros:
  - name: web
    src: site
    engine: static
    serve: .
`

/** The calls of a push up to the upload of the code; whatever fails is in `code`. */
export async function upload(
  platform: TestApi,
  token: string,
  { appId, spacefile = SPACEFILE, files = SITE, tag = '', logExposure = true }: UploadOptions,
): Promise<Pushed> {
  const { id } = await json<{ id: string }>(
    platform.call('POST', '/api/v0/builds', { token, body: { app_id: appId, tag } }),
  )
  const path = `/api/v0/builds/${id}`
  await platform.call('POST', `${path}/manifest`, {
    token,
    body: spacefile,
    headers: { 'Content-Type': 'text/plain' },
  })
  const zip = zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])))
  const code = await platform.call('POST', logExposure ? `${path}/code` : `${path}/code?log_exposure=false`, {
    token,
    body: zip,
    headers: { 'Content-Type': 'application/zip' },
  })
  return { buildId: id, code }
}

export interface UploadOptions {
  readonly appId: string
  readonly spacefile?: string
  readonly files?: Readonly<Record<string, string>>
  readonly tag?: string
  readonly logExposure?: boolean
}

export async function json<T>(response: Promise<Response>): Promise<T> {
  return (await (await response).json()) as T
}
