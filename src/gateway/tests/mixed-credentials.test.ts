/** ATTACKS D and F: several credentials on one request, of one person or of two. What the micro received is the proof. */
import { describe, expect, test } from 'bun:test'
import { RawClient } from '../testing/raw-client.ts'
import { startRawUpstream } from '../testing/raw-upstream.ts'
import {
  HOST,
  KEY,
  processAt,
  SESSION,
  startTestGateway,
  STRANGERS_SESSION,
} from '../testing/test-gateway.ts'

const APP_KEY = `X-Space-App-Key: ${KEY}`
const INTERNAL_KEY = 'X-API-Key: internal-key'
const OWNERS = `Cookie: space_session=${SESSION}`
const STRANGERS = `Cookie: space_session=${STRANGERS_SESSION}`

interface Outcome {
  readonly status: number
  /** Whom the micro was told of; null when it was asked nothing. */
  readonly principal: string | null
  /** Cookie fields and keys that it received. */
  readonly credentials: string[]
}

/** What becomes of a GET of a private path with these fields. */
async function ask(
  fields: readonly string[],
  { line = 'GET /admin HTTP/1.1', scheme = 'http' as 'http' | 'https' } = {},
): Promise<Outcome> {
  await using upstream = await startRawUpstream()
  const micros = [
    { name: 'web', apiKeys: true, publicRoutes: ['/public'], upstream: processAt(upstream.port) },
  ]
  await using gateway = await startTestGateway({ micros, scheme })
  using client = await RawClient.connect(gateway.port)
  client.send(`${[line, `Host: ${HOST}`, ...fields, 'Connection: close'].join('\r\n')}\r\n\r\n`)
  const status = Number((await client.untilEnd()).slice(9, 12))
  const [head = ''] = upstream.heads
  return {
    status,
    principal: /^X-Space-Principal: (.*)\r$/m.exec(head)?.[1] ?? null,
    credentials: head.match(/^(?:cookie|x-api-key|x-space-app-key|authorization):.*$/gim) ?? [],
  }
}

const passes = (principal: string, ...credentials: string[]): Outcome => ({
  status: 200,
  principal,
  credentials,
})
const refused = (status: number): Outcome => ({ status, principal: null, credentials: [] })

describe('a key beside a session', () => {
  test.each([
    ['a good key and the owner', [APP_KEY, OWNERS], passes('key:key_1')],
    ['a good key and a stranger', [APP_KEY, STRANGERS], passes('key:key_1')],
    ['a wrong key and the owner', [`${APP_KEY}x`, OWNERS], refused(401)],
    ['an empty key and the owner', ['X-Space-App-Key:', OWNERS], refused(401)],
    ['the same key twice', [APP_KEY, APP_KEY], refused(401)],
    ['a good and a wrong key', [APP_KEY, `${APP_KEY}x`], refused(401)],
    ['two keys in one field', [`${APP_KEY}, ${KEY}`], refused(401)],
    ['the owner’s session as a key', [`X-Space-App-Key: ${SESSION}`], refused(401)],
    ['the key as a session', [`Cookie: space_session=${KEY}`], refused(401)],
    ['a wrong key and the app’s own', [`${APP_KEY}x`, INTERNAL_KEY], refused(401)],
  ] as const)('%s', async (_, fields, outcome) => {
    expect(await ask(fields)).toEqual(outcome)
  })
})

describe('the app’s own key beside a session', () => {
  test.each([
    ['and the owner', [INTERNAL_KEY, OWNERS], passes('app')],
    ['and a stranger', [INTERNAL_KEY, STRANGERS], passes('app')],
    ['twice authenticates no one', [INTERNAL_KEY, INTERNAL_KEY], refused(401)],
    ['twice, and a stranger', [INTERNAL_KEY, INTERNAL_KEY, STRANGERS], refused(403)],
    [
      'a key of the app’s users, and the owner',
      ['X-API-Key: theirs', OWNERS],
      passes('user:usr_1', 'X-API-Key: theirs'),
    ],
    ['a key of the app’s users, and a stranger', ['X-API-Key: theirs', STRANGERS], refused(403)],
  ] as const)('%s', async (_, fields, outcome) => {
    expect(await ask(fields)).toEqual(outcome)
  })
})

describe('Authorization is the app’s own business', () => {
  const bearer = 'Authorization: Bearer of-the-app'
  test.each([
    ['it admits no request', [bearer], refused(401)],
    ['our key in it admits no request', [`Authorization: Bearer ${KEY}`], refused(401)],
    ['a session in it admits no request', [`Authorization: Bearer ${SESSION}`], refused(401)],
    ['beside the owner it is passed on', [bearer, OWNERS], passes('user:usr_1', bearer)],
    ['beside a stranger it does not help', [bearer, STRANGERS], refused(403)],
    ['beside a key it is passed on', [APP_KEY, bearer], passes('key:key_1', bearer)],
  ] as const)('%s', async (_, fields, outcome) => {
    expect(await ask(fields)).toEqual(outcome)
  })
})

describe('sessions of two users authenticate no one', () => {
  test.each([
    ['in one field', [`${OWNERS}; space_session=${STRANGERS_SESSION}`]],
    ['in one field, the other way round', [`${STRANGERS}; space_session=${SESSION}`]],
    ['in two fields', [OWNERS, STRANGERS]],
    ['in two fields, the other way round', [STRANGERS, OWNERS]],
    [
      'with much between them',
      [OWNERS, ...Array.from({ length: 50 }, (_, i) => `Cookie: a${i}=1`), STRANGERS],
    ],
  ])('%s', async (_, fields) => {
    expect(await ask(fields)).toEqual(refused(401))
  })

  test('and one of a stranger gets 403', async () => {
    expect(await ask([STRANGERS])).toEqual(refused(403))
  })
})

describe('cookies over several fields', () => {
  test.each([
    [
      'keep what is the app’s, field by field',
      ['Cookie: a=1', `${OWNERS}; b=2`, 'Cookie: c=3'],
      passes('user:usr_1', 'Cookie: a=1', 'Cookie: b=2', 'Cookie: c=3'),
    ],
    ['may repeat the same session', [OWNERS, OWNERS], passes('user:usr_1')],
    ['may have junk of our name', ['Cookie: space_session=junk', OWNERS], passes('user:usr_1')],
    ['may have junk of our name in any case', [`${OWNERS}; SPACE_SESSION=junk`], passes('user:usr_1')],
    ['are not put together', ['Cookie: space_ses', `Cookie: sion=${SESSION}`], refused(401)],
    ['are not put together behind the name', ['Cookie: space_session=', `Cookie: ${SESSION}`], refused(401)],
    ['are read by their one name', [`Cookie2: space_session=${SESSION}`], refused(401)],
    ['are read by their one spelling', [`Cookie: space_session =${SESSION}`], refused(401)],
  ] as const)('%s', async (_, fields, outcome) => {
    const { credentials, ...rest } = await ask(fields)
    expect({ ...rest, credentials: credentials.map((line) => line.trim()) }).toEqual(outcome)
  })

  test('of twenty thousand letters hide nothing behind them, and nothing of ours reaches the app', async () => {
    const long = `long=${'x'.repeat(20_000)}`
    expect(await ask([`Cookie: ${long}; space_session=${SESSION}`])).toEqual(
      passes('user:usr_1', `Cookie: ${long}`),
    )
    expect(await ask([`Cookie: ${long}; space_session=${STRANGERS_SESSION}`])).toEqual(refused(403))
  })

  test('that are too many to be read are no request', async () => {
    const junk = `Cookie: ${'a=1; '.repeat(8_000)}`
    expect(await ask([junk, OWNERS])).toEqual(refused(431))
  })
})

describe('on https our cookies have another name', () => {
  test.each([
    ['the name of plain http is nothing', [OWNERS], refused(401)],
    ['the prefixed one counts', [`Cookie: __Host-space_session=${SESSION}`], passes('user:usr_1')],
    ['and is not spelled in any other way', [`Cookie: __host-space_session=${SESSION}`], refused(401)],
    [
      'and a stranger’s under the other name does not come between, nor reaches the app',
      [`Cookie: __Host-space_session=${SESSION}; space_session=${STRANGERS_SESSION}`],
      passes('user:usr_1'),
    ],
  ] as const)('%s', async (_, fields, outcome) => {
    expect(await ask(fields, { scheme: 'https' })).toEqual(outcome)
  })
})

test('a public path is anonymous, with any credential', async () => {
  const line = 'GET /public HTTP/1.1'
  for (const fields of [[OWNERS], [STRANGERS, OWNERS], [`${APP_KEY}x`], [APP_KEY, OWNERS, 'Cookie: a=1']])
    expect(await ask(fields, { line })).toEqual(
      passes('anonymous', ...(fields.includes('Cookie: a=1') ? ['Cookie: a=1'] : [])),
    )
})

describe('HTTP/1.0', () => {
  test('has the same cookies', async () => {
    const line = 'GET /admin HTTP/1.0'
    expect(await ask([`${OWNERS}; a=1`], { line })).toEqual(passes('user:usr_1', 'Cookie: a=1'))
    expect(await ask([STRANGERS], { line })).toEqual(refused(403))
    expect(await ask([], { line })).toEqual(refused(401))
  })

  test('ends with its answer: what follows with a session is no request', async () => {
    await using upstream = await startRawUpstream()
    await using gateway = await startTestGateway({
      micros: [{ name: 'web', publicRoutes: ['/public'], upstream: processAt(upstream.port) }],
    })
    using client = await RawClient.connect(gateway.port)
    const second = `GET /admin HTTP/1.1\r\nHost: ${HOST}\r\n${OWNERS}\r\n\r\n`
    client.send(`GET /public HTTP/1.0\r\nHost: ${HOST}\r\n\r\n${second}`)
    const answers = await client.untilEnd()
    expect(answers.match(/HTTP\/1\.\d \d+/g)).toEqual(['HTTP/1.1 200'])
    expect(upstream.heads.map((head) => head.split(' ', 2)[1])).toEqual(['/public'])
  })
})

test('each request on a connection has its own credentials', async () => {
  await using upstream = await startRawUpstream()
  await using gateway = await startTestGateway({
    micros: [{ name: 'web', apiKeys: true, upstream: processAt(upstream.port) }],
  })
  using client = await RawClient.connect(gateway.port)
  const turns = [[OWNERS], [], [STRANGERS], [APP_KEY], [OWNERS], [`${APP_KEY}x`, OWNERS], [INTERNAL_KEY], []]
  const heads = turns.map(
    (fields) => `GET /admin HTTP/1.1\r\n${[`Host: ${HOST}`, ...fields].join('\r\n')}\r\n\r\n`,
  )
  client.send(`${heads.join('')}GET /end HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`)
  const statuses = (await client.untilEnd()).match(/(?<=HTTP\/1\.1 )\d+/g)!.map(Number)
  expect(statuses).toEqual([200, 401, 403, 200, 200, 401, 200, 401, 401])
  const principals = upstream.heads.map((head) => /^X-Space-Principal: (.*)\r$/m.exec(head)?.[1])
  expect(principals).toEqual(['user:usr_1', 'key:key_1', 'user:usr_1', 'app'])
})
