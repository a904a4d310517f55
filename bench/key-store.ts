/**
 * Bytes and look-up time per API key: the packed store of `directory/index/packed/` beside a plain `Map`, each in a
 * process of its own. Decides whether the packed indexes are worth their complexity.
 *
 *   bun bench/key-store.ts
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { KeyStore } from '../src/directory/index/packed/index.ts'
import type { KeyEntry } from '../src/directory/index.ts'

const COUNTS = [10_000, 100_000, 1_000_000]
const LOOKUPS = 200_000

interface Store {
  put(key: KeyEntry): unknown
  find(token: string): unknown
}

/** The simplest implementation. */
class PlainStore implements Store {
  readonly #keys = new Map<string, { readonly entry: KeyEntry; readonly digest: Buffer }>()

  put(entry: KeyEntry): void {
    this.#keys.set(entry.id, { entry, digest: Buffer.from(entry.digest, 'base64url') })
  }

  find(token: string): KeyEntry | null {
    const known = this.#keys.get(`key_${token.slice(0, Math.max(0, token.indexOf('_')))}`)
    const digest = createHash('sha256').update(token).digest()
    return known && timingSafeEqual(known.digest, digest) ? known.entry : null
  }
}

async function compare(): Promise<void> {
  console.log('keys        store    bytes/key   ns/look-up (median of 5)')
  for (const count of COUNTS)
    for (const kind of ['plain', 'packed']) {
      const child = Bun.spawn([process.execPath, import.meta.path, kind, String(count)], { stdout: 'pipe' })
      const { bytes, ns } = (await new Response(child.stdout).json()) as ReturnType<typeof measure>
      console.log(
        `${String(count).padEnd(12)}${kind.padEnd(9)}${bytes.toFixed(0).padStart(9)}${ns.toFixed(0).padStart(13)}`,
      )
    }
}

function measure(kind: string, count: number) {
  const before = settledRss()
  const store: Store = kind === 'packed' ? new KeyStore() : new PlainStore()
  for (let i = 0; i < count; i++) store.put(entryOf(i))
  const bytes = (settledRss() - before) / count
  const tokens = Array.from({ length: 1_000 }, (_, i) => tokenOf(Math.floor((i * count) / 1_000)))
  const rounds = Array.from({ length: 5 }, () => {
    const start = Bun.nanoseconds()
    for (let i = 0; i < LOOKUPS; i++) if (!store.find(tokens[i % 1_000]!)) throw new Error('not found')
    return (Bun.nanoseconds() - start) / LOOKUPS
  })
  return { bytes, ns: rounds.toSorted((a, b) => a - b)[2]! }
}

function settledRss(): number {
  Bun.gc(true)
  Bun.gc(true)
  return process.memoryUsage.rss()
}

const idOf = (i: number) => i.toString(36).padStart(16, '0')
const tokenOf = (i: number) => `${idOf(i)}_${'s'.repeat(43)}`
const entryOf = (i: number): KeyEntry => ({
  id: `key_${idOf(i)}`,
  name: `ci ${i % 100}`,
  digest: createHash('sha256').update(tokenOf(i)).digest('base64url'),
  instanceId: `inst_${(i % 1_000).toString(36).padStart(16, '0')}`,
  micros: null,
  methods: null,
  paths: null,
  expiresAtMs: null,
  perMinute: null,
})

const [kind, count] = process.argv.slice(2)
if (kind) console.log(JSON.stringify(measure(kind, Number(count))))
else await compare()
