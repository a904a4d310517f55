import { describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { createAccessToken, deleteAccessToken, listAccessTokens, tokenRow } from './access-tokens.ts'
import { createLimits } from './rate-limiters.ts'
import { createReplayGuard } from './replay-guard.ts'
import { type SignedRequest, verifySignedRequest } from './signed-request.ts'
import {
  DAY_MS,
  MINUTE_MS,
  NOW,
  openAccounts,
  SECOND_MS,
  type TestAccounts,
} from './testing/test-accounts.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

async function verify({ db, sealer, limits }: TestAccounts, request: SignedRequest, nowMs: number) {
  const verdict = await verifySignedRequest(db, { sealer, limits }, request, () => nowMs)
  return verdict.kind === 'valid' ? 'valid' : verdict.reason
}

const PLAIN = {
  method: 'POST',
  rawTarget: '/api/v0/apps?a=1&b=2',
  timestamp: String(NOW / SECOND_MS),
  contentType: 'application/json',
  body: utf8('{"name":"demo"}'),
}
type Unsigned = Omit<SignedRequest, 'signatureHeader' | 'body'> & { body: Uint8Array }

function sign(value: string, request: Unsigned = PLAIN): Unsigned & SignedRequest {
  const [id = '', secret = ''] = value.split('_')
  const { method, rawTarget, timestamp, contentType, body } = request
  const hmac = createHmac('sha256', secret).update(`${method}\n${rawTarget}\n${timestamp}\n${contentType}\n`)
  return { ...request, signatureHeader: `v0=${id}:${hmac.update(body).update('\n').digest('hex')}` }
}

async function openWithToken() {
  const accounts = await openAccounts()
  const token = await createAccessToken(
    accounts.db,
    accounts.sealer,
    { userId: accounts.owner.id, name: 'test' },
    NOW,
  )
  return { ...accounts, token }
}

type WithToken = Awaited<ReturnType<typeof openWithToken>>

describe('the vectors of the official CLI verify', () => {
  const SECRET = 'zwDNmNSqG9TGEiR8sSm8HVrSWuJ31b4d'
  const TIMESTAMP = '1681294911'

  test.each([
    ['GET', '/api/v0/space', '', '', '120071dd2ce1ca9cc08f76efe4e3b01179ef76ab20e6ad4655b79abdf995146b'],
    [
      'POST',
      '/api/v0/apps',
      'application/json',
      '{"name":"demo","alias":""}',
      'f36daf59f64ab2af4f86ab0f7ea06d40748e729d0e40104c17369f31371a48bd',
    ],
    [
      'GET',
      '/api/v0/apps/abc/revisions?per_page=5',
      'application/json',
      '{"id":"abc"}',
      'ae1b94267a1f9e9b780f0cb04e5a47fe8d0c8f5d9126da79228a2a6b8ecff965',
    ],
  ])('%s %s', async (method, rawTarget, contentType, body, signature) => {
    await using accounts = await openAccounts()
    const { db, sealer, owner } = accounts
    const row = {
      id: 'xkcfKpsU',
      user_id: owner.id,
      name: 'vector',
      secret_sealed: sealer.seal(SECRET, tokenRow('xkcfKpsU')),
      created_at_ms: NOW,
      expires_at_ms: NOW,
      ends_at_ms: NOW,
      idle_ms: null,
      last_used_at_ms: null,
    }
    await db.insertInto('access_tokens').values(row).execute()
    const signatureHeader = `v0=xkcfKpsU:${signature}`
    const request = {
      method,
      rawTarget,
      timestamp: TIMESTAMP,
      contentType,
      body: utf8(body),
      signatureHeader,
    }
    expect(await verify(accounts, request, Number(TIMESTAMP) * SECOND_MS)).toBe('valid')
  })
})

test('a signed request names its person and its token', async () => {
  await using accounts = await openWithToken()
  const { db, sealer, limits, owner, token } = accounts
  const verdict = await verifySignedRequest(db, { sealer, limits }, sign(token.value), () => NOW)
  expect(verdict).toEqual({ kind: 'valid', userId: owner.id, tokenId: token.id, scope: 'all' })
})

test('a body may come in pieces, cut anywhere', async () => {
  await using accounts = await openWithToken()
  const bytes = utf8('PK\u0003\u0004 a zip of which the last byte is a line break\n')
  for (let cut = 0; cut <= bytes.length; cut++) {
    const signed = sign(accounts.token.value, { ...PLAIN, method: 'GET', body: bytes })
    const pieces = (async function* () {
      yield bytes.subarray(0, cut)
      yield bytes.subarray(cut)
    })()
    expect(await verify(accounts, { ...signed, body: pieces }, NOW)).toBe('valid')
  }
})

describe('a signature is for nothing but what was signed:', () => {
  test.each<[string, Partial<SignedRequest>]>([
    ['another method', { method: 'DELETE' }],
    ['a method in other letters', { method: 'post' }],
    ['another path', { rawTarget: '/api/v0/space' }],
    ['another query', { rawTarget: '/api/v0/apps?a=1&b=3' }],
    ['a query in another order', { rawTarget: '/api/v0/apps?b=2&a=1' }],
    ['a path spelled differently', { rawTarget: '/api/v0/%61pps?a=1&b=2' }],
    ['another time', { timestamp: String(NOW / SECOND_MS + 1) }],
    ['a time spelled differently', { timestamp: `0${NOW / SECOND_MS}` }],
    ['another type', { contentType: 'text/plain' }],
    ['no type', { contentType: '' }],
    ['another body', { body: utf8('{"name":"Demo"}') }],
    ['a longer body', { body: utf8('{"name":"demo"}\n') }],
    ['no body', { body: utf8('') }],
    [
      'a line moved from the body to the type',
      { contentType: 'application/json\n{"name":"demo"}', body: utf8('') },
    ],
  ])('not for %s', async (_, change) => {
    await using accounts = await openWithToken()
    expect(await verify(accounts, { ...sign(accounts.token.value), ...change }, NOW)).toBe('wrong')
  })

  test('not for another token', async () => {
    await using accounts = await openWithToken()
    const { db, sealer, owner, token } = accounts
    const other = await createAccessToken(db, sealer, { userId: owner.id, name: 'other' }, NOW)
    const { signatureHeader } = sign(token.value)
    const swapped = signatureHeader.replace(token.id, other.id)
    expect(await verify(accounts, { ...sign(token.value), signatureHeader: swapped }, NOW)).toBe('wrong')
  })
})

test('an unknown, a deleted and an expired token are as wrong as a wrong secret', async () => {
  await using accounts = await openWithToken()
  const { db, owner, token } = accounts
  expect(await verify(accounts, sign(`AAAAAAAA_${token.value.slice(9)}`), NOW)).toBe('wrong')
  expect(await verify(accounts, sign(`AAAAAAAA_${'x'.repeat(32)}`), NOW)).toBe('wrong')
  const later = NOW + 365 * DAY_MS
  expect(
    await verify(accounts, sign(token.value, { ...PLAIN, timestamp: String(later / SECOND_MS) }), later),
  ).toBe('wrong')
  await deleteAccessToken(db, owner.id, token.id)
  expect(await verify(accounts, sign(token.value), NOW)).toBe('wrong')
})

test('a token sealed for another row opens nothing', async () => {
  await using accounts = await openWithToken()
  const { db, sealer, owner, token } = accounts
  const other = await createAccessToken(db, sealer, { userId: owner.id, name: 'other' }, NOW)
  const { secret_sealed } = await db
    .selectFrom('access_tokens')
    .select('secret_sealed')
    .where('id', '=', other.id)
    .executeTakeFirstOrThrow()
  await db.updateTable('access_tokens').set({ secret_sealed }).where('id', '=', token.id).execute()
  await expect(verify(accounts, sign(`${token.id}_${other.value.slice(9)}`), NOW)).rejects.toThrow()
})

test.each([
  [5 * MINUTE_MS, 'valid'],
  [-5 * MINUTE_MS, 'valid'],
  [5 * MINUTE_MS + 1, 'stale'],
  [-5 * MINUTE_MS - 1, 'stale'],
  [DAY_MS, 'stale'],
])('a clock that is off by %d ms: %s', async (offsetMs, verdict) => {
  await using accounts = await openWithToken()
  expect(await verify(accounts, sign(accounts.token.value), NOW + offsetMs)).toBe(verdict as 'valid')
})

describe('a body that its sender holds back', () => {
  /** Verifies a request that begins at NOW, and whose body ends `lateMs` later, after `during`. */
  async function hold(accounts: WithToken, lateMs: number, during: () => Promise<unknown> = async () => {}) {
    const { db, sealer, limits, token } = accounts
    const signed = sign(token.value)
    const clock = { nowMs: NOW }
    const body = (async function* () {
      yield (signed.body as Uint8Array).subarray(0, 1)
      await during()
      clock.nowMs += lateMs
      yield (signed.body as Uint8Array).subarray(1)
    })()
    const verdict = await verifySignedRequest(db, { sealer, limits }, { ...signed, body }, () => clock.nowMs)
    return verdict.kind === 'valid' ? 'valid' : verdict.reason
  }

  test('may take an hour, and not a day', async () => {
    await using accounts = await openWithToken()
    expect(await hold(accounts, DAY_MS)).toBe('stale')
    expect(await hold(accounts, 60 * MINUTE_MS)).toBe('valid')
  })

  test('does not outlast the token', async () => {
    await using accounts = await openWithToken()
    const { db, owner, token } = accounts
    expect(await hold(accounts, SECOND_MS, () => deleteAccessToken(db, owner.id, token.id))).toBe('wrong')
  })

  test('does not accept a request that was completed in between a second time', async () => {
    await using accounts = await openWithToken()
    const sendWhole = () => verify(accounts, sign(accounts.token.value), NOW)
    expect(await hold(accounts, 60 * MINUTE_MS, sendWhole)).toBe('replayed')
  })
})

describe('what was sent once', () => {
  test('is refused again when it changes something, as long as its time is accepted', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    expect(await verify(accounts, request, NOW)).toBe('valid')
    expect(await verify(accounts, request, NOW + 2 * SECOND_MS)).toBe('replayed')
    expect(await verify(accounts, request, NOW + 5 * MINUTE_MS)).toBe('replayed')
    expect(await verify(accounts, request, NOW + 5 * MINUTE_MS + 1)).toBe('stale')
  })

  test('may come eight times while it is younger than two seconds: clients sign whole seconds', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    for (const ageMs of [-1_999, -1_000, 0, 0, 500, 1_000, 1_999, 1_999])
      expect([ageMs, await verify(accounts, request, NOW + ageMs)]).toEqual([ageMs, 'valid'])
    for (const ageMs of [0, 1_999, 2_000, MINUTE_MS])
      expect([ageMs, await verify(accounts, request, NOW + ageMs)]).toEqual([ageMs, 'replayed'])
  })

  test.each([2_000, -2_000, 4 * MINUTE_MS])('may come once when it is %d ms old', async (ageMs) => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    const verdicts = await Promise.all(
      Array.from({ length: 10 }, () => verify(accounts, request, NOW + ageMs)),
    )
    expect(verdicts.filter((verdict) => verdict === 'valid')).toHaveLength(1)
  })

  test('passes eight times of many at the same instant', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => verify(accounts, request, NOW)))
    expect(verdicts.filter((verdict) => verdict === 'valid')).toHaveLength(8)
  })

  test('may be asked again when it only reads', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value, { ...PLAIN, method: 'GET' })
    for (let i = 0; i < 3; i++) expect(await verify(accounts, request, NOW)).toBe('valid')
  })

  test('is good for no server that started after it: the one before may have received it', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    const restarted = (startedAtMs: number) => ({ ...accounts, limits: createLimits(startedAtMs) })
    expect(await verify(restarted(NOW + SECOND_MS), request, NOW + 2 * SECOND_MS)).toBe('stale')
    expect(await verify(restarted(NOW + SECOND_MS / 2), request, NOW + 2 * SECOND_MS)).toBe('just-started')
    expect(await verify(restarted(NOW - 1), request, NOW + 2 * SECOND_MS)).toBe('valid')
    const reading = sign(accounts.token.value, { ...PLAIN, method: 'GET' })
    expect(await verify(restarted(NOW + SECOND_MS), reading, NOW + 2 * SECOND_MS)).toBe('valid')
  })

  test('is not forgotten because of requests that were refused', async () => {
    await using accounts = await openWithToken()
    const request = sign(accounts.token.value)
    expect(await verify(accounts, request, NOW)).toBe('valid')
    for (let i = 0; i < 50; i++)
      await verify(
        accounts,
        { ...request, signatureHeader: `v0=${accounts.token.id}:${'0'.repeat(64)}` },
        NOW,
      )
    expect(await verify(accounts, request, NOW + 2 * SECOND_MS)).toBe('replayed')
  })
})

const NO_SIGNATURES = [
  '',
  'v0=',
  'v0=:',
  'v0=AAAAAAAA',
  `v0=AAAAAAAA:${'0'.repeat(63)}`,
  `v0=AAAAAAAA:${'0'.repeat(65)}`,
  `v0=AAAAAAAA:${'A'.repeat(64)}`,
  `v1=AAAAAAAA:${'0'.repeat(64)}`,
  `V0=AAAAAAAA:${'0'.repeat(64)}`,
  `v0=AAAAAAA:${'0'.repeat(64)}`,
  `v0=AAAAAAAAA:${'0'.repeat(64)}`,
  `v0=AAAA%AAA:${'0'.repeat(64)}`,
  `v0=AAAAAAAA:${'0'.repeat(64)}\n`,
  ` v0=AAAAAAAA:${'0'.repeat(64)}`,
  `v0=AAAAAAAA:${'0'.repeat(64)}, v0=AAAAAAAA:${'0'.repeat(64)}`,
  'Bearer x',
  'x'.repeat(1_000_000),
]

test('anything else is no signature', async () => {
  await using accounts = await openWithToken()
  for (const signatureHeader of NO_SIGNATURES)
    expect([signatureHeader, await verify(accounts, { ...PLAIN, signatureHeader }, NOW)]).toEqual([
      signatureHeader,
      'malformed',
    ])
})

const NO_TIMES = [
  '',
  ' ',
  'now',
  '-1',
  '1e9',
  '0x10',
  '1681294911.5',
  '1681294911\n',
  '\u0661',
  '9'.repeat(13),
  'NaN',
]

test('anything but decimal seconds is no timestamp', async () => {
  await using accounts = await openWithToken()
  for (const timestamp of NO_TIMES) {
    const signed = sign(accounts.token.value, { ...PLAIN, timestamp })
    expect([timestamp, await verify(accounts, signed, NOW)]).toEqual([timestamp, 'malformed'])
  }
})

describe('the guard', () => {
  const once = (value: string, owner = 'one') => ({ owner, value, times: 1, untilMs: NOW + MINUTE_MS })

  test('forgets the oldest first, and never holds more than its bound', () => {
    const guard = createReplayGuard(3)
    for (const value of ['a', 'b', 'c', 'd']) expect(guard.admit(once(value), NOW)).toBe(true)
    expect(guard.admit(once('d'), NOW)).toBe(false)
    expect(guard.admit(once('a'), NOW)).toBe(true)
    expect(guard.admit(once('d'), NOW + MINUTE_MS + 1)).toBe(true)
  })

  test('forgets nothing of one owner because of the requests of another', () => {
    const guard = createReplayGuard(10)
    expect(guard.admit(once('mine', 'me'), NOW)).toBe(true)
    for (let i = 0; i < 100; i++) expect(guard.admit(once(`theirs ${i}`, 'them'), NOW)).toBe(true)
    expect(guard.admit(once('mine', 'me'), NOW)).toBe(false)
    expect(guard.admit(once('theirs 99', 'them'), NOW)).toBe(false)
    expect(guard.admit(once('theirs 0', 'them'), NOW)).toBe(true)
  })
})

test('a use puts off the end of a token that uses renew, for a year at most', async () => {
  await using accounts = await openAccounts()
  const { db, sealer, owner } = accounts
  const idleMs = 30 * DAY_MS
  const token = await createAccessToken(db, sealer, { userId: owner.id, name: 'x', idleMs }, NOW)
  const use = (nowMs: number) =>
    verify(accounts, sign(token.value, { ...PLAIN, timestamp: String(nowMs / SECOND_MS) }), nowMs)
  for (let day = 29; day < 365; day += 29)
    expect([day, await use(NOW + day * DAY_MS)]).toEqual([day, 'valid'])
  const [shown] = await listAccessTokens(db, owner.id, NOW + 350 * DAY_MS)
  expect([shown?.expiresAtMs, shown?.endsAtMs]).toEqual([NOW + 365 * DAY_MS, NOW + 365 * DAY_MS])
  expect(await use(NOW + 365 * DAY_MS)).toBe('wrong')
})

test('a token that is not used expires, and a refused request is no use', async () => {
  await using accounts = await openAccounts()
  const { db, sealer, owner } = accounts
  const idleMs = 30 * DAY_MS
  const token = await createAccessToken(db, sealer, { userId: owner.id, name: 'x', idleMs }, NOW)
  const at = (nowMs: number) => ({ ...PLAIN, timestamp: String(nowMs / SECOND_MS) })
  const late = NOW + 29 * DAY_MS
  expect(await verify(accounts, sign(`${token.id}_${'x'.repeat(32)}`, at(late)), late)).toBe('wrong')
  const end = NOW + idleMs
  expect(await verify(accounts, sign(token.value, at(end)), end)).toBe('wrong')
})

test('a scope that this version does not know is told as none', async () => {
  await using accounts = await openWithToken()
  const { db, sealer, limits, token } = accounts
  await db.updateTable('access_tokens').set({ scope: 'push:app_1' }).execute()
  const verdict = await verifySignedRequest(db, { sealer, limits }, sign(token.value), () => NOW)
  expect(verdict).toMatchObject({ kind: 'valid', scope: null })
})

test('the last use of a token is shown', async () => {
  await using accounts = await openWithToken()
  const { db, token } = accounts
  await verify(accounts, sign(token.value), NOW + SECOND_MS)
  const row = db.selectFrom('access_tokens').select('last_used_at_ms').where('id', '=', token.id)
  expect((await row.executeTakeFirstOrThrow()).last_used_at_ms).toBe(NOW + SECOND_MS)
})
