/** The SDKs of Deta Space, unchanged, in the sandbox of a micro. */
import { describe, expect, test } from 'bun:test'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { startTestData } from '../src/data/testing/test-data.ts'
import { dataKey } from '../src/directory/testing/entries.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { type DataDoor, createLocalRunner } from '../src/runner/index.ts'
import { fetchAt } from '../src/runner/testing/fetch-at.ts'
import { openSandboxHarness, sandboxOrSkip } from '../src/runner/testing/sandbox-harness.ts'

const sandbox = (await sandboxOrSkip())!
const KEYS = (['notes', 'other'] as const).map(
  (id) => ({ op: 'dataKey.put', key: dataKey('a', id, { id: `dkey_${id}` }) }) as const,
)

/** Runs `script` at each request and answers with its result as JSON. */
const server = (script: string) => `require('node:http').createServer(async (_, response) => {
  const work = async () => { ${script} }
  response.end(JSON.stringify(await work().catch((error) => ({ error: String(error), cause: String(error.cause) }))))
}).listen(8080)`

interface Micro {
  readonly script: string
  readonly command?: string
  readonly env?: Record<string, string>
  readonly packages?: readonly string[]
}

async function ask({ script, command = 'node app.js', env = {}, packages = [] }: Micro) {
  await using data = await startTestData(KEYS)
  using harness = openSandboxHarness()
  const trust = { extra: data.rootFile, bundle: data.rootFile }
  const dataDoor: DataDoor = { socketPath: data.insideSocket, micros: trust, builds: trust }
  await using runner = createLocalRunner({
    sandbox,
    logsDir: join(harness.dir, 'logs'),
    log: silentLogger,
    dataDoor,
  })
  const dir = harness.folder('app', { 'app.js': server(script) })
  for (const name of packages)
    cpSync(join(import.meta.dir, '../node_modules', name), join(dir, 'node_modules', name), {
      recursive: true,
      dereference: true,
    })
  const started = await runner.ensureRunning({
    process: { instanceId: 'inst_1', micro: 'web', buildId: 'bld_1', run: 0 },
    dir,
    command,
    ownHost: null,
    env: { DETA_PROJECT_KEY: 'notes_secreta', ...env },
  })
  if (started.kind === 'failed') throw new Error(`${started.message}\n${started.logTail}`)
  const answer = await fetchAt(started.address)
  return {
    answer: JSON.parse(await answer.text()),
    stored: [...data.services.base.stored.keys()],
    files: data.services.drive.stored,
  }
}

const fetchAs = (host: string, key: string) =>
  `return await fetch('https://${host}/v1/notes/todos/items/k', { headers: { 'X-API-Key': '${key}' } }).then((r) => r.status)`

describe.skipIf(!sandbox)('an app in its sandbox', () => {
  test.each([
    ['1.1', 'node app.js'],
    ['1.2', 'node app.js'],
    ['2.0', 'node app.js'],
    ['1.2', 'bun app.js'],
    ['2.0', 'bun app.js'],
  ])('stores documents and files with deta %s, by %s', async (version, command) => {
    const { answer, stored, files } = await ask({
      command,
      packages: [`deta-${version}`, 'node-fetch', 'whatwg-url', 'tr46', 'webidl-conversions'],
      script: `
        const { Deta } = require('deta-${version}')
        const deta = Deta()
        const base = deta.Base('my todos')
        await base.put({ done: false }, 'a/b c')
        const drive = deta.Drive('photos')
        await drive.put('a.txt', { data: 'hello' })
        const file = await drive.get('a.txt')
        return { item: await base.get('a/b c'), file: Buffer.from(await file.arrayBuffer()).toString() }`,
    })
    expect(answer).toEqual({ item: { done: false, key: 'a/b c' }, file: 'hello' })
    expect(stored).toEqual(['notes/my todos/a/b c'])
    expect([...files.keys()]).toEqual(['notes/photos/a.txt'])
  })

  test.each(['database.deta.sh', 'database.deta.space', 'drive.deta.sh'])(
    'reaches %s with IPv4 and IPv6',
    async (host) => {
      const { answer } = await ask({
        script: `
        const get = (family) => new Promise((resolve, reject) =>
          require('https').get('https://${host}/v1/notes/todos/items/k', { family, headers: { 'X-API-Key': 'notes_secreta' } },
            (response) => resolve(response.statusCode)).on('error', reject))
        return [await get(4), await get(6)]`,
      })
      expect(answer).toEqual([404, 404])
    },
  )

  test('opens nothing with the key of another app’s collection', async () => {
    expect((await ask({ script: fetchAs('database.deta.sh', 'other_secreta') })).answer).toBe(401)
  })

  test('learns that other names of Deta Space are not served', async () => {
    expect((await ask({ script: fetchAs('alpha.deta.space', 'notes_secreta') })).answer).toBe(501)
  })

  test('may replace the variables of trust, and is trusted by the bundle of the system then', async () => {
    const { answer } = await ask({
      env: { NODE_EXTRA_CA_CERTS: '/nowhere', SSL_CERT_FILE: '' },
      script: `
        const { NODE_EXTRA_CA_CERTS, DENO_CERT, DETA_BASE_HOST, DETA_BASE_ROOT_ENDPOINT } = process.env
        const bundle = require('fs').readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8')
        return { NODE_EXTRA_CA_CERTS, isThere: require('fs').existsSync(DENO_CERT), DETA_BASE_HOST, DETA_BASE_ROOT_ENDPOINT, bundle: bundle.length > 0 }`,
    })
    expect(answer).toEqual({
      NODE_EXTRA_CA_CERTS: '/nowhere',
      isThere: true,
      DETA_BASE_ROOT_ENDPOINT: 'https://database.deta.sh/v1',
      bundle: true,
    })
  })

  test.skipIf(Bun.which('python3') === null)('is trusted by Python', async () => {
    const { answer } = await ask({
      script: `
        const call = "import urllib.request as u;r=u.Request('https://database.deta.sh/v1/notes/todos/items',data=b'{\\"items\\":[{\\"key\\":\\"p\\"}]}',method='PUT',headers={'X-Api-Key':'notes_secreta','Content-Type':'application/json'});print(u.urlopen(r).status)"
        return require('child_process').spawnSync('python3', ['-c', call], { encoding: 'utf8' }).stdout.trim()`,
    })
    expect(answer).toBe('207')
  })
})
