import { describe, expect, test } from 'bun:test'
import { KeyRates } from '../request/key-rates.ts'
import { RawClient } from '../testing/raw-client.ts'
import { startRawUpstream } from '../testing/raw-upstream.ts'
import {
  HOST,
  KEY,
  processAt,
  SESSION,
  startTestGateway,
  type TestGatewayOptions,
} from '../testing/test-gateway.ts'

/** The answer to one request, what the gateway remembers of it, and how many requests reached the micro. */
async function ask(line: string, fields: readonly string[] = [], more: Partial<TestGatewayOptions> = {}) {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    micros: [
      { name: 'web', apiKeys: true, upstream: processAt(upstream.port) },
      { name: 'api', mount: '/api', upstream: processAt(upstream.port) },
    ],
    ...more,
  })
  using client = await RawClient.connect(gateway.port)
  client.send(`${line} HTTP/1.1\r\n${[`Host: ${HOST}`, ...fields, 'Connection: close'].join('\r\n')}\r\n\r\n`)
  const answer = await client.untilEnd()
  return { answer, refusals: gateway.refusals, reached: upstream.heads.length }
}

describe('a refused request', () => {
  test('is remembered under the id that its answer shows', async () => {
    const { answer, refusals, reached } = await ask('POST /admin?token=secret')
    const id = /"refusal":"([^"]+)"/.exec(answer)?.[1]
    expect([answer.slice(0, 12), reached]).toEqual(['HTTP/1.1 401', 0])
    expect(refusals).toMatchObject([
      {
        id,
        instanceId: 'inst_1',
        method: 'POST',
        origin: `http://${HOST}`,
        path: '/admin',
        reason: 'no-credential',
        credential: 'none',
      },
    ])
  })

  test.each([
    ['a wrong key', `X-Space-App-Key: ${KEY}x`, 'key-unknown', 'key'],
    ['an ended session', `Cookie: space_session=${SESSION}x`, 'session-unknown', 'session'],
    ['an internal key that is none', 'X-API-Key: abc', 'no-credential', 'app'],
  ] as const)(
    'names the kind of credential and never its value: %s',
    async (_, field, reason, credential) => {
      const { refusals } = await ask('GET /admin', [field])
      expect(refusals).toMatchObject([{ reason, credential }])
      expect(JSON.stringify(refusals)).not.toContain(field.split(/[:=] ?/).at(-1)!)
    },
  )

  test('is remembered when the path belongs to the platform', async () => {
    expect((await ask('GET /api/__space/v0/actions')).refusals).toMatchObject([{ reason: 'reserved' }])
  })

  test('is not remembered for a browser that comes to sign in', async () => {
    const { answer, refusals } = await ask('GET /admin', ['Accept: text/html'])
    expect([answer.slice(0, 12), refusals]).toEqual(['HTTP/1.1 302', []])
  })

  test('is remembered for a browser that has a session which does not count', async () => {
    const fields = ['Accept: text/html', `Cookie: space_session=${SESSION}x`]
    const { answer, refusals } = await ask('GET /admin', fields)
    const id = /^X-Request-Id: (.*)\r$/m.exec(answer)?.[1]
    expect(answer).toStartWith('HTTP/1.1 302')
    expect(refusals).toMatchObject([{ id, path: '/admin', reason: 'session-unknown', credential: 'session' }])
  })

  test.each([
    ['/public/../admin?token=secret', '/public/../admin', 'malformed'],
    ['/%zz', '/%zz', 'malformed'],
    ['/__space/%61uth/callback?code=secret', '/__space/%61uth/callback', 'reserved'],
    ['/__space//auth', '/__space//auth', 'reserved'],
  ])('is remembered when its path is ambiguous: %s', async (target, path, reason) => {
    const { answer, refusals, reached } = await ask(`GET ${target}`)
    const id = /"request_id":"([^"]+)"/.exec(answer)?.[1]
    expect([answer.slice(0, 12), reached]).toEqual(['HTTP/1.1 400', 0])
    expect(refusals).toMatchObject([{ id, instanceId: 'inst_1', path, reason, credential: 'none' }])
    expect(JSON.stringify(refusals)).not.toContain('secret')
  })

  test('is not remembered when its host is unknown', async () => {
    const gateway = { micros: [] }
    expect((await ask('GET /../x', [], gateway)).refusals).toEqual([])
  })
})

describe('the rate of a key', () => {
  test('is kept by the gateway, which says when to come back', async () => {
    await using upstream = await startRawUpstream()
    await using gateway = await startTestGateway({
      micros: [{ name: 'web', apiKeys: true, upstream: processAt(upstream.port) }],
      perMinute: 2,
    })
    const send = async () => {
      using client = await RawClient.connect(gateway.port)
      client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-Space-App-Key: ${KEY}\r\nConnection: close\r\n\r\n`)
      return await client.untilEnd()
    }
    const answers = [await send(), await send(), await send()]
    expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['200', '200', '429'])
    expect(answers[2]).toMatch(/\r\nRetry-After: (30|2\d)\r\n/)
    expect(answers[2]).toContain('"code":"rate_limited"')
    expect(upstream.heads.length).toBe(2)
  })

  test('fills again with time, up to one minute’s worth', () => {
    const rates = new KeyRates()
    const take = (nowMs: number) => rates.take('key_1', 60, nowMs)
    expect(Array.from({ length: 60 }, () => take(0))).toEqual(Array(60).fill(0))
    expect([take(0), take(500), take(1_000), take(1_000)]).toEqual([1_000, 500, 0, 1_000])
    expect(Array.from({ length: 61 }, () => take(3_600_000)).at(-1)).toBe(1_000)
  })

  test('is each key’s own, and stays so among thousands of others', () => {
    const rates = new KeyRates()
    rates.take('key_1', 1, 0)
    for (let i = 0; i < 9_000; i++) rates.take(`key_other${i}`, 1, 0)
    expect(rates.take('key_1', 1, 0)).toBe(60_000)
  })

  test('a clock that is set back gives nothing away', () => {
    const rates = new KeyRates()
    rates.take('key_1', 1, 100_000)
    expect(rates.take('key_1', 1, 0)).toBe(60_000)
  })
})
