/** A gateway on a free port, with one app whose micros the test chooses, and a directory in memory. */
import { assignRules, compileRules, type Grant } from '../../access/index.ts'
import type {
  LogNote,
  MicroCrash,
  MicroRef,
  Refusal,
  UpstreamAddress,
  UpstreamEntry,
  WakeResult,
} from '../../directory/index.ts'
import { type Logger, silentLogger } from '../../kernel/log.ts'
import {
  startGateway,
  type GatewayLimits,
  type GatewayOptions,
  type GatewayTls,
  type RunningGateway,
} from '../index.ts'

export const HOST = 'notes-ab12.cloud.test'
export const SESSION = 'good-session'
/** Session of a user who may not open the app. */
export const STRANGERS_SESSION = 'strangers-session'
export const KEY = 'key1_secret'

/** Deadlines are checked often enough that a test can await them. */
export const SOON = { sweepMs: 5 }

export interface TestMicro {
  readonly name: string
  readonly mount?: string
  readonly publicRoutes?: readonly string[]
  readonly apiKeys?: boolean
  readonly upstream: UpstreamEntry
}

export interface TestGateway extends RunningGateway {
  /** Noted uses, such as `key key_1`. */
  readonly uses: readonly string[]
  readonly refusals: readonly Refusal[]
  /** Notes for the log of the app. */
  readonly logNotes: readonly LogNote[]
  /** Micros in use now, or since the last call. */
  activeMicros(): string[]
  /** Resolves when no request is under way to the address. */
  untilUnused(address: UpstreamAddress): Promise<void>
  /** Revokes the session and the key. */
  revoke(): void
}

export interface TestGatewayOptions {
  readonly micros: readonly TestMicro[]
  readonly limits?: Partial<GatewayLimits>
  readonly platformSocket?: string
  readonly dataSocket?: string
  readonly scheme?: 'http' | 'https'
  /** The scheme is then https. */
  readonly tls?: GatewayTls
  readonly trustedProxies?: readonly string[]
  /** Of the key. */
  readonly perMinute?: number
  /** Of the key. */
  readonly origins?: readonly string[]
  readonly identitySecret?: string
  readonly addsRuntime?: boolean
  readonly wake?: (micro: string) => Promise<WakeResult>
  readonly crash?: MicroCrash
  readonly isPlatformHung?: () => boolean
  readonly log?: Logger
}

export const processAt = (port: number): Extract<UpstreamEntry, { kind: 'process' }> => ({
  kind: 'process',
  address: { host: '127.0.0.1', port },
})

export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const uses: string[] = []
  const refusals: Refusal[] = []
  const logNotes: LogNote[] = []
  const { directory, ...controls } = memoryDirectory(options, uses, refusals, logNotes)
  const gateway = await startGateway({
    listen: ['127.0.0.1'],
    port: 0,
    insidePort: 0,
    tls: options.tls,
    settings: {
      domain: 'cloud.test',
      homeHosts: ['cloud.test', 'localhost', '127.0.0.1'],
      homeOrigin: options.tls ? 'https://cloud.test' : 'http://cloud.test',
      scheme: options.tls ? 'https' : (options.scheme ?? 'http'),
      trustedProxies: options.trustedProxies,
    },
    directory,
    platformSocket: options.platformSocket ?? '/nonexistent/home.sock',
    dataSocket: options.dataSocket,
    log: options.log ?? silentLogger,
    limits: options.limits,
  })
  return Object.assign(gateway, { uses, refusals, logNotes, ...controls })
}

function memoryDirectory(
  {
    micros,
    wake,
    crash,
    perMinute,
    origins,
    identitySecret,
    isPlatformHung,
    addsRuntime = false,
  }: TestGatewayOptions,
  uses: string[],
  refusals: Refusal[],
  logNotes: LogNote[],
) {
  const instance = {
    id: 'inst_1',
    appName: 'Notes',
    hosts: [HOST],
    userIds: ['usr_1'],
    collectionId: 'notes',
    isDevelopment: true,
    addsRuntime,
  }
  const routed = micros.map((micro) => ({
    name: micro.name,
    primary: (micro.mount ?? '/') === '/',
    mount: micro.mount ?? '/',
    publicRoutes: micro.publicRoutes ?? [],
    privateRoutes: [],
    apiKeys: micro.apiKeys ?? false,
    upstream: micro.upstream,
  }))
  const rules = new Map(assignRules(routed).map((entry) => [entry.micro, compileRules(entry)]))
  const located = routed
    .map((micro) => ({ ...micro, rules: rules.get(micro.name)! }))
    .sort((a, b) => b.mount.length - a.mount.length)
  const expiresAtMs = Date.now() + 3_600_000
  const listeners = new Set<(instanceId: string | null) => void>()
  const key = {
    id: 'key_1',
    name: 'Phone',
    instanceId: instance.id,
    expiresAtMs: null,
    perMinute,
    origins,
    scope: null,
  }
  const valid = { session: true, key: true }
  let untilUnused = (_address: UpstreamAddress) => Promise.resolve()
  let takeActive: () => readonly MicroRef[] = () => []

  const directory: GatewayOptions['directory'] = {
    locate(host, path) {
      const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '')
      if (name !== HOST) return { kind: 'unknown-host' }
      const micro = located.find(
        ({ mount }) => mount === '/' || path === mount || path.startsWith(`${mount}/`),
      )
      if (micro === undefined) return { kind: 'unknown-host' }
      const below = micro.mount === '/' ? path : path.slice(micro.mount.length) || '/'
      return { kind: 'micro', instance, micro, path: below }
    },
    whenCurrent: async () => true,
    findKey: (token) => (token === KEY && valid.key ? key : null),
    findKeysForOrigin: (instanceId, origin) =>
      instanceId === instance.id && valid.key && origins?.includes(origin) ? [key] : [],
    findSession: (token, instanceId) => {
      if (instanceId !== instance.id || !valid.session) return null
      if (token === SESSION) return { id: 'ses_1', instanceId, userId: 'usr_1', expiresAtMs }
      if (token === STRANGERS_SESSION) return { id: 'ses_2', instanceId, userId: 'usr_2', expiresAtMs }
      return null
    },
    findInternalKey: (token) => (token === 'internal-key' ? 'digest of internal-key' : null),
    wake: async (_instanceId, micro) =>
      (await wake?.(micro)) ?? {
        kind: 'failed',
        reason: 'crashed',
        message: 'it exited',
        logTail: 'Error: boom',
      },
    askCrash: async () => crash ?? null,
    onRevoked(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    reportActive: (take) => (takeActive = take),
    reportDrained: (wait) => (untilUnused = wait),
    isGrantValid: ({ principal }: Grant) =>
      principal.kind === 'key' ? valid.key : principal.kind === 'user' ? valid.session : true,
    noteUse: ({ kind, id }) => void uses.push(`${kind} ${id}`),
    noteRefusal: (refusal) => void refusals.push(refusal),
    noteForLog: (note) => void logNotes.push(note),
    identitySecret: identitySecret ?? null,
    get isPlatformHung() {
      return isPlatformHung?.() ?? false
    },
  }
  const revoke = () => {
    valid.session = false
    valid.key = false
    for (const listener of listeners) listener(instance.id)
  }
  return {
    directory,
    revoke,
    activeMicros: () => takeActive().map(({ micro }) => micro),
    untilUnused: (address: UpstreamAddress) => untilUnused(address),
  }
}
