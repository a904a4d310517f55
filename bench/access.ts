/**
 * What a decision costs (the target read, host and micro found, rules, credentials, verdict: all that the gateway does
 * before it forwards), at growing numbers of instances, keys and rules; what a directory takes in memory; and what
 * hostile paths cost at growing length. Requests are made one by one, as they come off the wire, and one in ten goes to
 * the instance that has the many rules. `usual`: nine of ten of the others go to one in a hundred instances. `even`: all
 * instances alike, so that nothing is ever in a cache: then the figure is the memory's.
 *
 * Instances of an app share its routes, each app has its own; the last row has an app of its own for every instance.
 *
 * Each cell is the best of seven rounds, because a machine that does something else as well shows up in p99 first. What
 * it costs to ask for the time twice (first line of the output) is in every figure, and so are pauses to collect garbage.
 *
 *     bun bench/access.ts [requests a round, 10000]
 *
 * To hold: p50 ≤ 2 µs and p99 ≤ 10 µs at the largest sizes, 64 bytes a key, hostile paths linear.
 */
import { canonicalPath, decide, originOf, type RequestFacts } from '../src/access/index.ts'
import { DirectoryState } from '../src/directory/index/directory-state.ts'
import { digestOf } from '../src/kernel/ids.ts'
import { hostilePaths, routesLikePublished } from './support/routes.ts'

const REQUESTS = Number(process.argv[2] ?? 10_000)
const ROUNDS = 7
const NOW_MS = Date.now()

interface Sizes {
  readonly instances: number
  readonly keys: number
  readonly rules: number
  readonly apps: number
}

const SIZES: readonly Sizes[] = [
  { instances: 1, keys: 1, rules: 1, apps: 1 },
  { instances: 1_000, keys: 10_000, rules: 10, apps: 10 },
  { instances: 10_000, keys: 100_000, rules: 100, apps: 100 },
  { instances: 100_000, keys: 1_000_000, rules: 1_000, apps: 1_000 },
  { instances: 100_000, keys: 1_000_000, rules: 1_000, apps: 100_000 },
]

type Kind = 'public' | 'private' | 'session' | 'key' | 'wrong key'
const SPREADS = ['usual', 'even'] as const
type Spread = (typeof SPREADS)[number]
const KINDS: readonly Kind[] = ['public', 'private', 'session', 'key', 'wrong key']

console.log(`Asking for the time twice: ${costOfTime()} µs\n`)
console.log('Memory\n')
console.log(
  'instances      keys      apps   bytes/instance   bytes/key (in typed arrays)   bytes/key (of the process)',
)
const rows: Record<Spread, string>[] = []
for (const sizes of SIZES) {
  rows.push(measureSize(sizes))
  // What a call that has just returned had in its hands is not cleared away before the next turn.
  await new Promise(setImmediate)
}
for (const spread of SPREADS) {
  console.log(`\nOne decision, µs: p50 / p99, ${spread} spread\n`)
  console.log(`instances      keys   rules    apps   ${KINDS.map((kind) => kind.padEnd(15)).join('')}`)
  for (const row of rows) console.log(row[spread])
}

console.log('\nHostile paths against 1,000 rules, of which 50 have several stars, µs (median of 50)\n')
console.log(`${'path'.padEnd(44)}    2 kB    4 kB    8 kB   growth`)
const hostile = buildState({ instances: 1, keys: 1, rules: 1_000, apps: 1 })
for (const [name, make] of hostilePaths) {
  const [small, medium, large] = [2_000, 4_000, 8_000].map((length) =>
    medianOfPath(hostile, make(length)),
  ) as [number, number, number]
  const cells = [small, medium, large].map((micros) => micros.toFixed(0).padStart(8)).join('')
  console.log(`${name.padEnd(44)}${cells}   ×${(large / small).toFixed(1)} for ×4`)
}

/** One directory at a time: a heap grows before it is swept, and beside several large ones new objects lie in no cache. */
function measureSize(sizes: Sizes): Record<Spread, string> {
  const state = buildMeasured(sizes)
  const row = (spread: Spread) => {
    const cells = KINDS.map((kind) => measure(state, sizes, kind, spread))
    return `${columns(sizes)}   ${cells.map((cell) => cell.padEnd(15)).join('')}`
  }
  return { usual: row('usual'), even: row('even') }
}

/** A directory of so many entries. */
function buildState(sizes: Sizes): DirectoryState {
  const state = new DirectoryState()
  addInstances(state, sizes)
  addKeys(state, sizes)
  return state
}

/** The same, saying what it takes. */
function buildMeasured(sizes: Sizes): DirectoryState {
  const state = new DirectoryState()
  const empty = residentBytes()
  addInstances(state, sizes)
  const withInstances = residentBytes()
  addKeys(state, sizes)
  const cells = [
    bytes((withInstances - empty) / sizes.instances, sizes.instances),
    (state.keys.byteLength / sizes.keys).toFixed(0).padStart(14) + ' '.repeat(13),
    bytes((residentBytes() - withInstances) / sizes.keys, sizes.keys),
  ]
  const counts = [sizes.instances, sizes.keys, sizes.apps].map((count) => padded(count, 9))
  console.log(counts.join(' ') + '   ' + cells.join('   '))
  return state
}

/** Each with a session; the first has the many rules and private routes beside them. */
function addInstances(state: DirectoryState, sizes: Sizes): void {
  for (let i = 0; i < sizes.instances; i++) {
    const publicRoutes = i === 0 ? routesLikePublished(sizes.rules) : [`/${openFolder(i, sizes)}/*`, '/ping']
    state.apply({ op: 'instance.put', instance: instanceEntry(i, publicRoutes) })
    state.apply({ op: 'session.put', session: sessionEntry(i) })
  }
}

function addKeys(state: DirectoryState, sizes: Sizes): void {
  for (let i = 0; i < sizes.keys; i++) state.apply({ op: 'key.put', key: keyEntry(i, sizes) })
}

/** What the app of an instance has open. */
function openFolder(i: number, { apps }: Sizes): string {
  return i === 0 ? 'static0' : `public${i % apps}`
}

/** Too few entries drown in the noise of the process. */
function bytes(value: number, count: number): string {
  return (count < 10_000 ? '-' : value.toFixed(0)).padStart(14)
}

/** Of objects and typed arrays together. */
function residentBytes(): number {
  Bun.gc(true)
  return process.memoryUsage().heapUsed
}

function instanceEntry(i: number, publicRoutes: readonly string[]) {
  const micro = {
    privateRoutes: i === 0 ? ['/admin/*'] : [],
    upstream: { kind: 'process', address: null },
  } as const
  return {
    id: `inst_${id(i)}`,
    appName: 'Notes',
    hosts: [`notes-${id(i)}.space.localhost`],
    userIds: ['usr_abcdefghijkmnpqr'],
    internalKeyDigest: digestOf(`internal ${i}`),
    collectionId: `c${i}`,
    isDevelopment: false,
    addsRuntime: true,
    micros: [
      { ...micro, name: 'web', primary: true, mount: '/', publicRoutes, apiKeys: true },
      { ...micro, name: 'api', primary: false, mount: '/api', publicRoutes: ['/hook'], apiKeys: true },
    ],
  }
}

function sessionEntry(i: number) {
  const instanceId = `inst_${id(i)}`
  const [digest, userId] = [digestOf(sessionToken(i)), 'usr_abcdefghijkmnpqr']
  return { id: `ses_${id(i)}`, digest, instanceId, userId, expiresAtMs: NOW_MS + 1e9 }
}

function keyEntry(i: number, { instances }: Sizes) {
  const limits = { micros: null, methods: null, paths: null, expiresAtMs: null }
  const instanceId = `inst_${id(i % instances)}`
  return { id: `key_${id(i)}`, name: 'my script', digest: digestOf(keyToken(i)), instanceId, ...limits }
}

function id(i: number): string {
  return (i * 7_919).toString(36).padStart(16, 'x')
}
function sessionToken(i: number): string {
  return `${id(i)}${'s'.repeat(27)}`
}
function keyToken(i: number): string {
  return `${id(i)}_${'k'.repeat(43)}`
}

interface Request {
  readonly host: string
  readonly target: string
  readonly facts: RequestFacts
}

/** p50 / p99 of decisions about requests to random instances with random credentials. */
function measure(state: DirectoryState, sizes: Sizes, kind: Kind, spread: Spread): string {
  // Rules are compiled when an instance is first asked for, once.
  for (let i = 0; i < sizes.instances; i++)
    for (const micro of state.instance(`inst_${id(i)}`)!.micros) micro.rules.judge('/')
  const warmUp = receive(30_000, sizes, kind, spread)
  for (let i = 0; i < 30_000; i++) check(decideAll(state, readRequest(warmUp, i)), kind)
  const rounds = Array.from({ length: ROUNDS }, () => timesOf(state, receive(REQUESTS, sizes, kind, spread)))
  const best = (share: number) => Math.min(...rounds.map((times) => times[Math.floor(times.length * share)]!))
  return `${best(0.5).toFixed(2)} / ${best(0.99).toFixed(2)}`
}

/** Microseconds of each decision, sorted. */
function timesOf(state: DirectoryState, received: Received): Float64Array {
  const times = new Float64Array(REQUESTS)
  for (let i = 0; i < REQUESTS; i++) {
    const request = readRequest(received, i)
    const start = Bun.nanoseconds()
    decideAll(state, request)
    times[i] = (Bun.nanoseconds() - start) / 1_000
  }
  return times.sort()
}

/**
 * Requests as a connection has them, so that between two decisions no more is made and cleared away than a gateway
 * makes: the octets of host, target and token one behind the other, and where each ends.
 */
interface Received {
  readonly kind: Kind
  readonly octets: Buffer
  readonly ends: Uint32Array
}

function receive(count: number, sizes: Sizes, kind: Kind, spread: Spread): Received {
  const texts = Array.from({ length: count }, () => requestTexts(sizes, kind, spread)).flat()
  let end = 0
  const ends = Uint32Array.from(texts, (text) => (end += text.length))
  const octets = Buffer.from(texts.join(''), 'latin1')
  Bun.gc(true)
  return { kind, octets, ends }
}

function requestTexts(
  sizes: Sizes,
  kind: Kind,
  spread: Spread,
): [host: string, target: string, token: string] {
  const popular =
    spread === 'usual' && Math.random() < 0.9 ? Math.ceil(sizes.instances / 100) : sizes.instances
  const instance = Math.random() < 0.1 ? 0 : Math.floor(Math.random() * popular)
  const keysEach = Math.max(1, Math.floor(sizes.keys / sizes.instances))
  const key = keyToken(instance + sizes.instances * Math.floor(Math.random() * keysEach))
  const token = kind === 'session' ? sessionToken(instance) : kind === 'wrong key' ? `${key}x` : key
  const path =
    kind === 'public' ? `/${openFolder(instance, sizes)}/js/app.abc123.js` : '/notes/2026/november/list'
  return [`notes-${id(instance)}.space.localhost:7070`, `${path}?page=2&sort=date`, token]
}

function readRequest({ kind, octets, ends }: Received, i: number): Request {
  const text = (at: number) => octets.toString('latin1', ends[at - 1] ?? 0, ends[at])
  const host = text(3 * i)
  return { host, target: text(3 * i + 1), facts: factsOf(kind, host, () => text(3 * i + 2)) }
}

function factsOf(kind: Kind, host: string, token: () => string): RequestFacts {
  return {
    method: 'GET',
    origin: originOf('http', host),
    isUpgrade: false,
    appKeys: kind === 'key' || kind === 'wrong key' ? [token()] : [],
    apiKeys: [],
    sessionTokens: kind === 'session' ? [token()] : [],
    originHeader: null,
    secFetchSite: 'same-origin',
    secFetchMode: 'cors',
    secFetchDest: 'empty',
    accept: '*/*',
  }
}

function decideAll(state: DirectoryState, { host, target, facts }: Request) {
  const reading = canonicalPath(target)
  if (reading.kind === 'malformed') return null
  const route = state.locate(host, reading.path)
  return route.kind === 'micro' ? decide({ request: facts, route, credentials: state, nowMs: NOW_MS }) : null
}

function costOfTime(): string {
  const costs = Float64Array.from({ length: 100_000 }, () => -(Bun.nanoseconds() - Bun.nanoseconds()) / 1_000)
  return costs.sort()[50_000]!.toFixed(2)
}

function check(decision: ReturnType<typeof decideAll>, kind: Kind): void {
  const expected = {
    public: 'anonymous',
    private: 'no-credential',
    session: 'user',
    key: 'key',
    'wrong key': 'key-unknown',
  }[kind]
  const actual = decision?.kind === 'pass' ? decision.principal.kind : decision?.reason
  if (actual !== expected) throw new Error(`a ${kind} request was decided as ${actual}`)
}

function medianOfPath(state: DirectoryState, path: string): number {
  const host = `notes-${id(0)}.space.localhost`
  const octets = Buffer.from(host + path, 'latin1')
  const received: Received = { kind: 'private', octets, ends: Uint32Array.of(host.length, octets.length) }
  const times = Array.from({ length: 50 }, () => {
    const request = readRequest(received, 0)
    const start = Bun.nanoseconds()
    decideAll(state, request)
    return (Bun.nanoseconds() - start) / 1_000
  })
  return times.sort((a, b) => a - b)[25]!
}

function columns({ instances, keys, rules, apps }: Sizes): string {
  return `${padded(instances, 9)} ${padded(keys, 9)} ${padded(rules, 7)} ${padded(apps, 7)}`
}

function padded(count: number, width: number): string {
  return String(count).padStart(width)
}
