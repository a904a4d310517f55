/** Our own SDKs, as they are packed, in every environment that they are for, against a real server. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { cpSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { bundle, packSdks } from '../scripts/pack-sdks.ts'
import type * as Declared from '../sdk/js/index.d.ts'
import * as implemented from '../sdk/js/src/index.ts'
import { sandboxOrSkip } from '../src/runner/testing/sandbox-harness.ts'
import { enterApp, signInAtHome } from './attacks/support/attack-harness.ts'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { spaceJson } from './support/command.ts'
import { type Pushed, startTestSpace, type TestSpace } from './support/space.ts'

/** What is declared is what there is. */
const sdk: typeof Declared = implemented
const sandbox = await sandboxOrSkip()

/** Everything that the SDK does, with small and large files; also sent to Node and to the browser as text. */
async function useAll(deta: Declared.Deta) {
  const base = deta.Base<{ n?: number; list?: number[] }>('all things')
  await base.put({ n: 1, list: [2] }, 'a/b %')
  await base.update({ n: base.util.increment(4), list: base.util.append(3) }, 'a/b %')
  const text = await base.put('text', 'text', { expireIn: 60 })
  const taken = await base.insert({ n: 0 }, 'text').catch((error: Declared.DataError) => error.status)
  const missing = await base.update({ n: 1 }, 'none').catch((error: Declared.DataError) => error.message)
  await base.putMany([{ n: 7 }, { n: 8 }, { n: 9 }])
  const found: unknown[] = []
  for await (const { n } of base.items({ 'n?gte': 7 }, { limit: 2 })) found.push(n)
  const drive = deta.Drive('files')
  const large = new Uint8Array(10_485_760 + 5).fill(7)
  await drive.put('b/ä.txt', { data: 'ä', contentType: 'text/plain' })
  await drive.put('b/large', { data: new Blob([large]).stream() as never })
  await drive.put('empty', { data: '' })
  const names: string[] = []
  for await (const name of drive.names({ limit: 1 })) names.push(name)
  const answer = {
    item: await base.get('a/b %'),
    text: { value: text.value, expires: '__expires' in text },
    refused: [taken, missing],
    found: found.sort(),
    file: await (await drive.get('b/ä.txt'))!.text(),
    large: (await drive.get('b/large'))!.size,
    none: [await drive.get('none'), await base.get('none'), await drive.stream('none')],
    names,
    deleted: await drive.deleteMany(names),
  }
  for (const { key } of (await base.fetch()).items) await base.delete(key)
  return answer
}
const NAMES = ['b/large', 'b/ä.txt', 'empty']
const ALL = {
  item: { key: 'a/b %', n: 5, list: [2, 3] },
  text: { value: 'text', expires: true },
  refused: [409, 'Key not found'],
  found: [7, 8, 9],
  file: 'ä',
  large: 10_485_765,
  none: [null, null, null],
  names: NAMES,
  deleted: { deleted: NAMES },
}

const PYTHON = `
import sys; sys.path.insert(0, sys.argv[1])
import asyncio, ownspace_data
base = ownspace_data.Base("python")
base.put({"n": 1}, "k")
async def read():
    db = ownspace_data.AsyncBase("python")
    return (await db.get("k"))["n"]
ownspace_data.Drive("python").put("f", data="stored")
print(asyncio.run(read()), ownspace_data.Drive("python").get("f").read().decode())
`
const MICRO = (wheel: string) => `import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { Deta } from './sdk.mjs'
const useAll = ${useAll.toString()}
const deta = Deta()
const python = () => spawnSync('python3', ['-c', ${JSON.stringify(PYTHON)}, '${wheel}'], { encoding: 'utf8' })
const WORK = {
  '/open/node': () => useAll(deta),
  '/open/require': () => useAll(createRequire(import.meta.url)('./sdk.cjs').Deta()),
  '/open/python': () => { const { stdout, stderr } = python(); return stdout.trim() + stderr },
  '/open/guest': (request) => deta.for(request).Base('guests').put({ n: 1 }).then(() => 'stored', (error) => error.status),
  '/own/guest': (request) => WORK['/open/guest'](request),
}
createServer(async (request, answer) => {
  if (request.url === '/page') return answer.setHeader('Content-Type', 'text/html').end('<!doctype html><p>page')
  if (request.url === '/sdk.mjs') return answer.setHeader('Content-Type', 'text/javascript').end(readFileSync('sdk.mjs'))
  const work = WORK[request.url]
  const result = await (async () => work?.(request))().catch((error) => String(error.stack))
  answer.end(JSON.stringify(result ?? null))
}).listen(process.env.PORT)
`

let space: TestSpace
let app: Pushed
let session: string
let key: string
let browser: Browser | undefined
const host = () => new URL(app.url).host

describe.skipIf(!sandbox)('our SDK', () => {
  beforeAll(async () => {
    space = await startTestSpace()
    const folder = join(space.folder, 'app')
    mkdirSync(folder)
    const { wheel } = await packSdks(join(space.folder, 'packed'))
    cpSync(wheel, join(folder, basename(wheel)))
    const files = {
      'sdk.mjs': await bundle('esm'),
      'sdk.cjs': await bundle('cjs'),
      'index.mjs': MICRO(basename(wheel)),
      Spacefile: `v: 0\nmicros:\n  - name: web\n    src: .\n    engine: nodejs20\n    run: node index.mjs\n    public_routes: ['/open/*']\n`,
    }
    for (const [name, text] of Object.entries(files)) await Bun.write(join(folder, name), text)
    app = await space.push(folder)
    session = await enterApp(
      space.server,
      host(),
      await signInAtHome(space.server, `space.localhost:${space.server.port}`),
    )
    const { collections } = await spaceJson<{ collections: { id: string; kind: string }[] }>(
      ['collections', 'list'],
      space.terminal,
    )
    const { id } = collections.find(({ kind }) => kind === 'app')!
    key = (await spaceJson<{ value: string }>(['data-keys', 'create', id], space.terminal)).value
  })
  afterAll(async () => {
    await browser?.close()
    await space?.[Symbol.asyncDispose]()
  })

  const inMicro = async (path: string, headers: Record<string, string> = {}): Promise<unknown> =>
    (await space.server.request(host(), path, { headers })).json()

  test('works in Node, as a module and as CommonJS', async () => {
    expect(await inMicro('/open/node')).toEqual(ALL)
    expect(await inMicro('/open/require')).toEqual(ALL)
  })

  test('works in Bun, from outside, with a key', async () => {
    const root = (service: string) => `http://127.0.0.1:${space.server.port}#${service}`
    const options: Declared.Options = {
      database: root('database'),
      drive: root('drive'),
      fetch: (url, init) => {
        const [, service, path] = /#(\w+)(.*)$/.exec(url)!
        return space.server.request(`${service}.space.localhost:${space.server.port}`, path!, init)
      },
    }
    expect(await useAll(sdk.Deta(key, options))).toEqual(ALL as never)
    const error = await sdk
      .Deta(`${key}x`, options)
      .Base('b')
      .get('k')
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(sdk.DataError)
    expect(error).toMatchObject({ status: 401, message: 'Unauthorized' })
  })

  test.skipIf(missingBrowser !== null)('works on a page with its session, and with a key', async () => {
    browser = await launchBrowser()
    await using context = await browser.newContext()
    const [name = '', value = ''] = session.split(/=(.*)/)
    await context.addCookies([{ name, value, url: app.url }])
    const page = await context.newPage()
    await page.goto(`${app.url}/page`)
    for (const given of [undefined, key])
      expect(
        await page.evaluate(
          `import('/sdk.mjs').then(({ Deta }) => (${useAll.toString()})(Deta(${JSON.stringify(given)})))`,
        ),
      ).toEqual(ALL)
  })

  test.skipIf(Bun.which('python3') === null)('works in Python, with and without asyncio', async () => {
    expect(await inMicro('/open/python')).toBe('1 stored')
  })

  test('passes on whom the app answers, so that the limits for strangers hold', async () => {
    const own = { Cookie: session }
    expect(await inMicro('/open/guest')).toBe('stored')
    const limited = await space.run(['access', 'data', host().split('.')[0]!, '--read-only'])
    expect(limited).toMatchObject({ exitCode: 0 })
    expect(await inMicro('/open/guest')).toBeGreaterThanOrEqual(400)
    expect(await inMicro('/own/guest', own)).toBe('stored')
    await space.run(['access', 'data', host().split('.')[0]!, '--unlimited'])
    expect(await inMicro('/open/guest')).toBe('stored')
  })
})

test('a key that is none is said at once', () => {
  expect(() => sdk.Deta('a_b_c')).toThrow('A data key has the form <collection>_<secret>')
  expect(() => sdk.Deta('a_b').Base('')).toThrow('A Base has a name')
})
