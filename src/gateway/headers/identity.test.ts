import { describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { identityKeyOf } from '../../directory/index.ts'
import { IdentitySigner } from './identity.ts'
import { RawClient } from '../testing/raw-client.ts'
import { startRawUpstream } from '../testing/raw-upstream.ts'
import { HOST, KEY, processAt, SESSION, startTestGateway } from '../testing/test-gateway.ts'

const SECRET = 'secret of the server'

/** The head that a micro receives. */
async function received(line: string, fields: readonly string[] = []): Promise<string> {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    identitySecret: SECRET,
    micros: [
      { name: 'web', publicRoutes: ['/public*'], apiKeys: true, upstream: processAt(upstream.port) },
      { name: 'api', mount: '/api', publicRoutes: ['/*'], upstream: processAt(upstream.port) },
    ],
  })
  using client = await RawClient.connect(gateway.port)
  client.send(`${line} HTTP/1.1\r\n${[`Host: ${HOST}`, ...fields].join('\r\n')}\r\n\r\n`)
  await client.untilReceived('ok')
  return upstream.heads[0]!
}

const identitiesIn = (head: string): string[] =>
  [...head.matchAll(/^x[-_.]space[-_.]identity: *(.*)\r$/gim)].map((match) => match[1]!)

/** What the header says, if it is signed for this instance. */
function claimsOf(header: string, instanceId = 'inst_1'): Record<string, unknown> {
  const [version, payload = '', signature] = header.split('.')
  const hmac = createHmac('sha256', identityKeyOf(SECRET, instanceId)).update(`${version}.${payload}`)
  expect([version, signature]).toEqual(['v1', hmac.digest('base64url')])
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
}

const SPELLINGS = [
  'X-Space-Identity',
  'x-space-identity',
  'X_Space_Identity',
  'X.Space.Identity',
  'X-Space_Identity',
  'x_SPACE-identity',
]

describe('who is asking', () => {
  test('is signed, and bound to the request as the micro gets it', async () => {
    const before = Math.floor(Date.now() / 1_000)
    const [header, ...others] = identitiesIn(await received('GET /api/a%20b?c=d'))
    const { at, ...claims } = claimsOf(header!)
    expect(claims).toEqual({
      instance: 'inst_1',
      micro: 'api',
      principal: 'anonymous',
      method: 'GET',
      path: '/a%20b',
    })
    expect(at).toBeGreaterThanOrEqual(before)
    expect(others).toEqual([])
  })

  test.each([
    ['the owner', `Cookie: space_session=${SESSION}`, { principal: 'user:usr_1' }],
    ['a key, by its name', `X-Space-App-Key: ${KEY}`, { principal: 'key:key_1', key_name: 'Phone' }],
    ['the app itself', 'X-API-Key: internal-key', { principal: 'app' }],
  ])('is %s', async (_, field, expected) => {
    const [header] = identitiesIn(await received('GET /private', [field]))
    expect(claimsOf(header!)).toMatchObject({ ...expected, micro: 'web', path: '/private' })
  })

  test.each(SPELLINGS)('is never what a client claims: %s', async (name) => {
    const head = await received('GET /public', [`${name}: v1.forged.forged`, `Connection: ${name}`])
    const identities = identitiesIn(head)
    expect([identities.length, claimsOf(identities[0]!).principal]).toEqual([1, 'anonymous'])
    expect(head).not.toContain('forged')
  })

  test('is left out where its header would be too long, and a forged one as well', async () => {
    const head = await received(`GET /public${'a'.repeat(2_050)}`, ['X-Space-Identity: forged'])
    expect(identitiesIn(head)).toEqual([])
  })
})

describe('the key that signs', () => {
  const asked = (instanceId: string) => ({
    instanceId,
    micro: 'web',
    principal: { kind: 'app', keyDigest: '' } as const,
    method: 'GET',
    path: '/',
    nowMs: 0,
  })
  const signer = new IdentitySigner()

  test('is another one for each instance and each server', () => {
    const one = signer.sign(SECRET, asked('one'))!
    const two = signer.sign(SECRET, asked('two'))!
    expect(claimsOf(one, 'one').instance).toBe('one')
    expect(claimsOf(two, 'two').instance).toBe('two')
    expect(signer.sign('another', asked('one'))).not.toBe(one)
    expect(signer.sign(SECRET, asked('one'))).toBe(one)
  })

  test('does not exist before the platform has given its secret', () => {
    expect(signer.sign(null, asked('one'))).toBeNull()
  })
})
