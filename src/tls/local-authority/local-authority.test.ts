import { expect, test } from 'bun:test'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureLocalAuthority, leafFilesOf } from './local-authority.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const NAMES = ['database.deta.sh', '*.deta.sh', 'localhost']

function temporary() {
  const parent = mkdtempSync(join(tmpdir(), 'authority-'))
  return {
    folder: join(parent, 'authority'),
    [Symbol.dispose]: () => rmSync(parent, { recursive: true }),
  }
}

const ensure = (folder: string, atMs = Date.now(), names = NAMES) =>
  ensureLocalAuthority({ folder, names, now: () => atMs })

const leafIn = (folder: string) => readFileSync(leafFilesOf(folder).certFile, 'utf8')

test('a client that trusts the root accepts the leaf for its names, and for no other', async () => {
  using at = temporary()
  const { root } = await ensure(at.folder)
  const { certFile, keyFile } = leafFilesOf(at.folder)
  using server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    tls: { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') },
    fetch: () => new Response('ok'),
  })
  const call = (serverName: string, ca?: string) =>
    fetch(`https://127.0.0.1:${server.port}`, {
      headers: { Host: serverName },
      tls: { serverName, ...(ca === undefined ? {} : { ca }) },
    }).then(
      (response) => response.text(),
      () => 'refused',
    )
  expect(await call('database.deta.sh', root)).toBe('ok')
  expect(await call('api.deta.sh', root)).toBe('ok')
  expect(await call('deta.sh.example.org', root)).toBe('refused')
  expect(await call('database.deta.sh')).toBe('refused')
})

test('the authority signs leaves only, and its files are for the server alone', async () => {
  using at = temporary()
  const { root } = await ensure(at.folder)
  expect(new X509Certificate(root).ca).toBe(true)
  expect(new X509Certificate(leafIn(at.folder)).ca).toBe(false)
  expect(statSync(at.folder).mode & 0o777).toBe(0o700)
  for (const file of readdirSync(at.folder)) expect(statSync(join(at.folder, file)).mode & 0o777).toBe(0o600)
})

test('both are kept, and the leaf is renewed before it ends, by the same authority', async () => {
  using at = temporary()
  const startMs = Date.now()
  const { root } = await ensure(at.folder, startMs)
  const first = leafIn(at.folder)
  await ensure(at.folder, startMs + 50 * DAY_MS)
  expect(leafIn(at.folder)).toBe(first)
  expect((await ensure(at.folder, startMs + 70 * DAY_MS)).root).toBe(root)
  const second = leafIn(at.folder)
  expect(second).not.toBe(first)
  expect(Date.parse(new X509Certificate(second).validTo)).toBeGreaterThan(startMs + 150 * DAY_MS)
})

test('other names need another leaf', async () => {
  using at = temporary()
  await ensure(at.folder)
  const first = leafIn(at.folder)
  await ensure(at.folder, Date.now(), [...NAMES, 'database.cloud.test'])
  expect(leafIn(at.folder)).not.toBe(first)
})

test.each(['authority.key', 'authority.crt', 'leaf.key', 'leaf.crt'])(
  'a torn %s is replaced, with what depends on it',
  async (file) => {
    using at = temporary()
    await ensure(at.folder)
    writeFileSync(join(at.folder, file), '')
    const { root } = await ensure(at.folder)
    expect(new X509Certificate(leafIn(at.folder)).verify(new X509Certificate(root).publicKey)).toBe(true)
  },
)
