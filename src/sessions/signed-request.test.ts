import { describe, expect, test } from 'bun:test'
import { createAccessToken, deleteAccessToken, tokenRow } from './access-tokens.ts'
import { type SignedRequest, verifySignedRequest } from './signed-request.ts'
import { openWithToken, PLAIN, sign, utf8, verify } from './testing/signing.ts'
import { DAY_MS, MINUTE_MS, NOW, openAccounts, SECOND_MS } from './testing/test-accounts.ts'

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
