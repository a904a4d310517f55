/** The snippets of docs/identity.md, run unchanged on headers of a real gateway. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { identityKeyOf } from '../src/directory/index.ts'
import { RawClient } from '../src/gateway/testing/raw-client.ts'
import { startRawUpstream } from '../src/gateway/testing/raw-upstream.ts'
import { HOST, KEY, processAt, startTestGateway } from '../src/gateway/testing/test-gateway.ts'

const SECRET = 'secret of the server'
const env = {
  PATH: process.env.PATH!,
  SPACE_IDENTITY_KEY: identityKeyOf(SECRET, 'inst_1').toString('base64url'),
}

let folder: string
let header: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ownspace-identity-'))
  header = await signedBy(SECRET)
  const page = await Bun.file(join(import.meta.dir, '../docs/identity.md')).text()
  const snippet = (language: string) => new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'm').exec(page)![1]!
  await Bun.write(
    join(folder, 'check.mjs'),
    `${snippet('js')}
const [method, url, header] = JSON.parse(process.argv[2])
console.log(JSON.stringify(identityOf({ method, url, headers: { 'x-space-identity': header } })))
`,
  )
  await Bun.write(
    join(folder, 'check.py'),
    `${snippet('python')}
import sys
method, url, header = json.loads(sys.argv[1])
print(json.dumps(identity_of(header, method, url.split("?")[0])))
`,
  )
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

/** What the gateway says of `POST /notes/a%20b?x=1` with a key. */
async function signedBy(identitySecret: string): Promise<string> {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    identitySecret,
    micros: [{ name: 'web', apiKeys: true, upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(
    `POST /notes/a%20b?x=1 HTTP/1.1\r\nHost: ${HOST}\r\nX-Space-App-Key: ${KEY}\r\nContent-Length: 0\r\n\r\n`,
  )
  await client.untilReceived('ok')
  return /^X-Space-Identity: (.*)\r$/m.exec(upstream.heads[0]!)![1]!
}

const LANGUAGES: readonly [string, string[]][] = [
  ['Node', ['node', 'check.mjs']],
  ['Python', ['python3', 'check.py']],
]

const missing = LANGUAGES.filter(([, [program]]) => Bun.which(program!) === null)
for (const [language] of missing)
  console.warn(`SKIPPED: the snippet for ${language}, which is not installed.`)

describe.each(LANGUAGES.filter((language) => !missing.includes(language)))(
  'the snippet for %s',
  (_, command) => {
    const check = (method: string, url: string, value: string | null): unknown => {
      const args = [...command, JSON.stringify([method, url, value])]
      const { stdout, stderr } = Bun.spawnSync(args, { cwd: folder, env })
      expect(stderr.toString()).toBe('')
      return JSON.parse(stdout.toString())
    }

    test('accepts what the gateway has signed', () => {
      expect(check('POST', '/notes/a%20b?x=1', header)).toMatchObject({
        instance: 'inst_1',
        micro: 'web',
        principal: 'key:key_1',
        key_name: 'Phone',
        path: '/notes/a%20b',
      })
    })

    test('refuses it on another request, forged, cut, old, or of another server', async () => {
      const [version, payload = '', signature = ''] = header.split('.')
      const changed = Buffer.from(payload, 'base64url').toString().replace('key:key_1', 'user:usr_1')
      const refused: [string, string, string | null][] = [
        ['GET', '/notes/a%20b', header],
        ['POST', '/notes/a b', header],
        ['POST', '/notes', header],
        ['POST', '/notes/a%20b', null],
        ['POST', '/notes/a%20b', ''],
        ['POST', '/notes/a%20b', 'forged'],
        ['POST', '/notes/a%20b', `v2.${payload}.${signature}`],
        ['POST', '/notes/a%20b', `${version}.${payload}.`],
        ['POST', '/notes/a%20b', `${version}.${payload}.${signature.slice(0, -1)}`],
        ['POST', '/notes/a%20b', `${version}.${Buffer.from(changed).toString('base64url')}.${signature}`],
        ['POST', '/notes/a%20b', await signedBy('another')],
      ]
      expect(refused.filter((attempt) => check(...attempt) !== null)).toEqual([])
    })

    test('refuses it when it is old', () => {
      const claims = JSON.parse(Buffer.from(header.split('.')[1]!, 'base64url').toString()) as { at: number }
      const payload = Buffer.from(JSON.stringify({ ...claims, at: claims.at - 31 })).toString('base64url')
      const hasher = new Bun.CryptoHasher('sha256', identityKeyOf(SECRET, 'inst_1')).update(`v1.${payload}`)
      expect(check('POST', '/notes/a%20b', `v1.${payload}.${hasher.digest('base64url')}`)).toBeNull()
    })
  },
)
