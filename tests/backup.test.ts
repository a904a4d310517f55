/** A server is backed up while its apps write, restored to an empty folder, and is the same. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '../src/kernel/testing/until.ts'
import { type RunningCommand, startSpace } from './support/command.ts'
import { serverProcesses } from './support/processes.ts'
import { type TestServer, startTestServer } from './support/server.ts'
import { type TestSpace, startTestSpace } from './support/space.ts'

setDefaultTimeout(180_000)

const ITEMS = 2_000
const LIMIT = { withinMs: 120_000 }

let my: TestSpace
let apps: string[]
let collection: string
let key: string
const at = (name: string) => join(my.folder, name)

beforeAll(async () => {
  my = await startTestSpace()
  apps = []
  for (const fixture of ['keeps', 'works']) {
    const { url } = await my.push(await my.copyApp(`tests/fixtures/${fixture}`))
    apps.push(new URL(url).host)
  }
  collection = (await my.run(['collections', 'create', 'Recipes'])).stdout.trim()
  key = (await my.run(['data-keys', 'create', collection, '--name', 'test'])).stdout.trim()
  await put(Array.from({ length: ITEMS }, (_, n) => ({ key: `old-${n}`, text: 'x'.repeat(500) })))
  for (const name of ['a.txt', 'deep/ä 💾.bin'])
    await ask(my.server, 'drive', `/files?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      body: contentOf(name),
    })
  await Bun.write(at('passphrase'), 'a passphrase of words\n')
  await Bun.write(at('mine'), 'an earlier file')
})
afterAll(async () => await my?.[Symbol.asyncDispose]())

const contentOf = (name: string) => Buffer.alloc(3_000_000, createHash('sha256').update(name).digest())
const ask = (server: TestServer, service: 'database' | 'drive', path: string, init: RequestInit = {}) =>
  server.request(`${service}.space.localhost`, `/v1/${collection}/soups${path}`, {
    ...init,
    headers: { 'X-API-Key': key },
  })
async function put(items: readonly object[]): Promise<void> {
  for (let n = 0; n < items.length; n += 25) {
    const body = JSON.stringify({ items: items.slice(n, n + 25) })
    const answer = await ask(my.server, 'database', '/items', { method: 'PUT', body })
    expect(answer.status).toBe(207)
  }
}

const backUp = (
  file: string,
  args: readonly string[] = [],
  stdin = my.server.owner.password,
): RunningCommand => startSpace(['backup', file, '--password-stdin', ...args], { ...my.terminal, stdin })
const restore = (file: string, to: string, args: readonly string[] = []) =>
  my.run(['restore', file, '--data', at(to), ...args])

async function itemsOf(server: TestServer): Promise<Map<string, object>> {
  const found = new Map<string, object>()
  for (let last: string | undefined; ;) {
    const body = JSON.stringify({ last })
    const answer = await ask(server, 'database', '/query', { method: 'POST', body })
    const page = (await answer.json()) as { items: { key: string }[]; paging: { last?: string } }
    for (const item of page.items) found.set(item.key, item)
    last = page.paging.last
    if (last === undefined) return found
  }
}

test('a server is restored with its apps, files, items and keys, from a backup that was made under load', async () => {
  const written: string[] = []
  const stop = new AbortController()
  const load = (async () => {
    for (let n = 0; !stop.signal.aborted; n += 1) {
      const entry = `new-${String(n).padStart(6, '0')}`
      await put([{ key: entry, n }])
      written.push(entry)
    }
  })()
  await until('some items are written', () => written.length > 20, LIMIT)
  const acknowledged = written.length
  const made = await backUp('server.sealed', ['--passphrase-file', 'passphrase']).ended
  stop.abort()
  await load
  expect([made.exitCode, made.stderr]).toEqual([0, expect.stringContaining('and verified it')])

  expect((await restore('server.sealed', 'restored')).stderr).toContain('is encrypted')
  const restored = await restore('server.sealed', 'restored', ['--passphrase-file', 'passphrase'])
  expect([restored.exitCode, restored.stderr]).toEqual([0, expect.stringContaining('Restored')])

  await using server = await startTestServer({ dataDir: at('restored') })
  expect(server.output()).not.toContain('set-aside')
  for (const host of apps)
    expect([host, (await server.request(host, '/open/again')).status]).toEqual([host, 200])
  const [items, original] = [await itemsOf(server), await itemsOf(my.server)]
  for (let n = 0; n < ITEMS; n += 1) expect(items.get(`old-${n}`)).toEqual(original.get(`old-${n}`)!)
  // All that was acknowledged before the backup began, and no gap among what came later.
  const news = [...items.keys()].filter((name) => name.startsWith('new-')).toSorted()
  expect(news.length).toBeGreaterThanOrEqual(acknowledged)
  expect(news).toEqual(written.toSorted().slice(0, news.length))
  for (const name of ['a.txt', 'deep/ä 💾.bin']) {
    const answer = await ask(server, 'drive', `/files/download?name=${encodeURIComponent(name)}`)
    expect(contentOf(name).equals(await answer.bytes())).toBe(true)
  }
  const signedIn = await server.request('localhost', '/api/v0/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(my.server.owner),
  })
  expect(signedIn.status).toBe(201)
})

describe('a backup', () => {
  test('without encryption is a zip archive, and the folder of the server has no copy afterwards', async () => {
    expect(await backUp('plain.zip').ended).toMatchObject({ exitCode: 0 })
    expect(readFileSync(at('plain.zip')).subarray(0, 2).toString()).toBe('PK')
    const drafts = join(my.server.dataDir, 'backup-draft')
    expect(existsSync(drafts) ? readdirSync(drafts) : []).toEqual([])
  })

  test.each([
    ['a wrong password', 'wrong', 'password is wrong'],
    ['no password', '', 'password is wrong'],
  ])('is refused with %s', async (_, password, message) => {
    const { exitCode, stderr } = await backUp('refused.zip', [], password).ended
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(message)])
    expect(existsSync(at('refused.zip'))).toBe(false)
  })

  test('never replaces a file without being asked', async () => {
    expect(await backUp('mine').ended).toMatchObject({ exitCode: 1 })
    expect(readFileSync(at('mine'), 'utf8')).toBe('an earlier file')
  })

  test('that the server cannot complete leaves the earlier file as it was', async () => {
    const running = backUp('mine', ['--replace'])
    const [platform] = serverProcesses(my.server, 'platform')
    const drafts = join(my.server.dataDir, 'backup-draft')
    await until('the backup runs', () => existsSync(drafts) && readdirSync(drafts).length > 0, LIMIT)
    process.kill(platform!, 'SIGKILL')
    const { exitCode } = await running.ended
    // It may have been complete already.
    if (exitCode !== 0) expect(readFileSync(at('mine'), 'utf8')).toBe('an earlier file')
    await until(
      'the platform is back',
      async () => (await my.server.request('localhost', '/')).status === 200,
      LIMIT,
    )
    await until('the copy is gone', () => !existsSync(drafts) || readdirSync(drafts).length === 0, LIMIT)
    expect(readdirSync(my.folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })
})

test('a folder that was restored in part is not started on, and is restored by the next attempt', async () => {
  await Bun.write(at('half/restore-draft/revisions/x'), 'half')
  await expect(startTestServer({ dataDir: at('half') })).rejects.toThrow('restore-draft')
  expect(existsSync(at('half/restore-draft/revisions/x'))).toBe(true)
})
