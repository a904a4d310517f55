/** The published SDKs as clients of Base, unmodified, in Bun and in Node. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestBase, openTestBase } from '../src/base/testing/test-base.ts'
import { makeCertificate } from '../src/tls/testing/make-certificate.ts'

setDefaultTimeout(120_000)

const APP = join(import.meta.dir, 'fixtures/sdks/base.mjs')
const node = Bun.which('node')
if (!node) console.warn('SKIPPED: the SDKs of Base in Node. Node is not installed')

const folder = mkdtempSync(join(tmpdir(), 'ownspace-sdks-'))
const { certFile, keyFile } = makeCertificate({ folder, file: 'base', names: ['localhost'] })
let base: TestBase
let server: Bun.Server<undefined>

beforeAll(async () => {
  base = await openTestBase()
  const tls = { cert: Bun.file(certFile), key: Bun.file(keyFile) }
  server = Bun.serve({ port: 0, hostname: 'localhost', tls, fetch: answer })
})
afterAll(async () => {
  await server.stop(true)
  await base[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

/** As `data/` does for the raw addresses, without its keys. */
function answer(request: Request): Response | Promise<Response> {
  const [, collectionId = '', name = '', path = ''] = /\/v1\/([^/]*)\/([^/]*)(\/.*)$/.exec(request.url) ?? []
  return base.service.handle({ request, collectionId, name, path, query: '', mayWrite: true })
}

describe.each(['deta-1.1', 'deta-1.2', 'deta-2.0'])('%s', (sdk) => {
  test('in Bun', () => run(process.execPath, sdk))
  test.skipIf(!node)('in Node', () => run(node!, sdk))
})

async function run(runtime: string, sdk: string): Promise<void> {
  for (const { key } of await itemsOf())
    await base.call('DELETE', `/items/${encodeURIComponent(key)}`, undefined, { base: 'sdk' })
  const child = Bun.spawn([runtime, APP, sdk], {
    env: { NODE_EXTRA_CA_CERTS: certFile, DETA_BASE_HOST: `localhost:${server.port}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const errors = await new Response(child.stderr).text()
  expect(await child.exited, errors).toBe(0)
}

async function itemsOf(): Promise<{ key: string }[]> {
  const { body } = await base.call('POST', '/query', {}, { base: 'sdk' })
  return (body as { items: { key: string }[] }).items
}
