import { afterAll, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../kernel/log.ts'
import { createLocalRunner, detectSandbox } from '../../runner/index.ts'
import { provideForMicros } from './provide-for-micros.ts'
import { openToolStore } from './tool-store.ts'
import { startFakeRegistry } from './testing/fake-registry.ts'

const dir = mkdtempSync(join(tmpdir(), 'tool-store-test-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const sandbox = await detectSandbox('auto')

function openStore(name: string, registry: string, totalBytes = Number.POSITIVE_INFINITY) {
  const buildEnvironment = { npm_config_registry: registry }
  const logsDir = join(dir, 'logs')
  // The fake registry is on this machine's loopback, which a sandbox cannot reach.
  const runner = createLocalRunner({ sandbox: unsandboxed(), buildEnvironment, logsDir, log: silentLogger })
  const options = { dir: join(dir, name), totalBytes, hasRoom: () => true, log: silentLogger, now: Date.now }
  return { store: openToolStore(options), fetching: { runner }, path: options.dir }
}

function unsandboxed() {
  if (sandbox.kind === 'refused') throw new Error(sandbox.summary)
  const { toolchain, summary } = sandbox
  return { kind: 'unsandboxed', available: false, summary, toolchain, refusal: async () => null } as const
}

describe('a tool', () => {
  test('is fetched once, also by two builds at the same time, and its program is found', async () => {
    await using registry = await startFakeRegistry({ pnpm: ['8.15.9'] })
    const { store, fetching, path } = openStore('once', registry.url)
    const both = await Promise.all([
      store.provide(['pnpm-8.15.9'], fetching),
      store.provide(['pnpm-8.15.9'], fetching),
    ])
    for (const held of both) held[Symbol.dispose]()
    expect(registry.downloads()).toBe(1)
    using held = await store.provide(['pnpm-8.15.9'], fetching)
    expect(registry.downloads()).toBe(1)
    const { stdout } = Bun.spawnSync([join(held.tools[0]!.dir, 'bin/pnpm')])
    expect(stdout.toString()).toBe('fake pnpm 8.15.9\n')
    expect(readdirSync(path)).toEqual(['pnpm-8.15.9'])
  })

  test('is complete when two processes that share the folder fetch it at the same time', async () => {
    await using registry = await startFakeRegistry({ pnpm: ['8.15.9'] })
    const stores = [openStore('shared', registry.url), openStore('shared', registry.url)]
    const both = await Promise.all(
      stores.map(({ store, fetching }) => store.provide(['pnpm-8.15.9'], fetching)),
    )
    for (const held of both) held[Symbol.dispose]()
    expect(readdirSync(stores[0]!.path)).toEqual(['pnpm-8.15.9'])
  })

  test('whose tarball is not the one that the registry describes is refused and leaves nothing', async () => {
    await using registry = await startFakeRegistry({ pnpm: ['8.15.9'] }, { isTampered: true })
    const { store, fetching, path } = openStore('tampered', registry.url)
    await expect(store.provide(['pnpm-8.15.9'], fetching)).rejects.toThrow('EINTEGRITY')
    expect(readdirSync(path)).toEqual([])
  })

  test('belongs to the server, and others can only read it', async () => {
    await using registry = await startFakeRegistry({ pnpm: ['8.15.9'] })
    const { store, fetching } = openStore('owner', registry.url)
    using held = await store.provide(['pnpm-8.15.9'], fetching)
    for (const file of ['', 'bin', 'package/bin/pnpm.cjs', 'tool.json']) {
      const { uid, mode } = statSync(join(held.tools[0]!.dir, file))
      expect([file, uid, mode & 0o022]).toEqual([file, process.getuid!(), 0])
    }
  })

  test.each([
    'pnpm-latest',
    'pnpm-8.15.9-../../x',
    'left-pad-1.0.0',
    "pnpm-8.15.9';id;'",
    '../pnpm-8.15.9',
    'pnpm',
  ])('is not fetched by the name %p', async (name) => {
    await using registry = await startFakeRegistry({ pnpm: ['8.15.9'] })
    const { store, fetching } = openStore('names', registry.url)
    await expect(store.provide([name], fetching)).rejects.toThrow('is not the name of a tool')
    expect(registry.requests()).toBe(0)
  })

  test('that is missing in the registry is named with npm’s code', async () => {
    await using registry = await startFakeRegistry({ pnpm: ['8.15.9'] })
    const { store, fetching } = openStore('missing', registry.url)
    await expect(store.provide(['pnpm-8.0.0'], fetching)).rejects.toThrow('ETARGET')
  })
})

test('the least recently used tool is evicted, but none that is held', async () => {
  await using registry = await startFakeRegistry({ pnpm: ['8.0.0', '8.1.0', '8.2.0'] })
  const { store, fetching } = openStore('evict', registry.url, 1)
  using first = await store.provide(['pnpm-8.0.0'], fetching)
  ;(await store.provide(['pnpm-8.1.0'], fetching))[Symbol.dispose]()
  using _ = await store.provide(['pnpm-8.2.0'], fetching)
  expect(await store.names()).toEqual(['pnpm-8.0.0', 'pnpm-8.2.0'])
  first[Symbol.dispose]()
})

test('what an interrupted fetch has left is removed at the next start', async () => {
  const { store, path } = openStore('left', 'http://127.0.0.1:1')
  for (const name of ['asking-1', 'draft-2']) writeFileSync(join(path, name), '')
  await store.tidy()
  expect(readdirSync(path)).toEqual([])
})

describe('the newest version of a range', () => {
  test('is looked up once, and known without a registry afterwards', async () => {
    const { url, versions } = await (async () => {
      await using registry = await startFakeRegistry({ pnpm: ['8.2.0', '8.10.0', '9.0.0'] })
      const { store, fetching } = openStore('newest', registry.url)
      const versions = await store.newest('pnpm', '8', fetching)
      expect(await store.newest('pnpm', '8', fetching)).toEqual(versions)
      return { url: registry.url, versions }
    })()
    expect(versions).toEqual(['8.10.0', '8.2.0'])
    const { store, fetching } = openStore('newest', url)
    expect(await store.newest('pnpm', '8', fetching)).toEqual(versions)
  })

  test('is one that is here when the registry does not answer, else a failure that says why', async () => {
    await using registry = await startFakeRegistry({ pnpm: ['8.15.9'] })
    const opened = openStore('offline', registry.url)
    ;(await opened.store.provide(['pnpm-8.15.9'], opened.fetching))[Symbol.dispose]()
    const { store, fetching } = openStore('offline', 'http://127.0.0.1:1')
    expect(await store.newest('pnpm', '>=8', fetching)).toEqual(['8.15.9'])
    await expect(store.newest('pnpm', '9', fetching)).rejects.toThrow('ECONNREFUSED')
  }, 30_000)
})

test('the digests of a tool are those of its package, for `packageManager`', async () => {
  await using registry = await startFakeRegistry({ pnpm: ['8.15.9'] })
  const { store, fetching } = openStore('digests', registry.url)
  using _ = await store.provide(['pnpm-8.15.9'], fetching)
  const sha512 = createHash('sha512').update(registry.tarball('pnpm', '8.15.9')).digest('hex')
  expect((await store.record('pnpm-8.15.9'))?.digests).toMatchObject({ sha512: [sha512] })
})

describe('a micro that starts', () => {
  test('gets its tools again after they were evicted', async () => {
    await using registry = await startFakeRegistry({ pnpm: ['8.15.9'] })
    const { store, fetching, path } = openStore('again', registry.url)
    const provide = provideForMicros(store)
    const { signal } = new AbortController()
    ;(await provide(['pnpm-8.15.9'], fetching.runner, signal))[Symbol.dispose]()
    rmSync(join(path, 'pnpm-8.15.9'), { recursive: true })
    using held = await provide(['pnpm-8.15.9'], fetching.runner, signal)
    expect([registry.downloads(), held.tools.length]).toEqual([2, 1])
  })

  test('fails with what to do when the registry does not answer', async () => {
    const { store, fetching } = openStore('gone', 'http://127.0.0.1:1')
    const start = provideForMicros(store)(['node-18.20.8'], fetching.runner, new AbortController().signal)
    await expect(start).rejects.toThrow(/^Node 18\.20\.8, which this app was built with, .*ECONNREFUSED/)
  })
})
