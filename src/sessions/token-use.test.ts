/** What a use of an access token changes, and what it says. */
import { expect, test } from 'bun:test'
import { createAccessToken, listAccessTokens } from './access-tokens.ts'
import { verifySignedRequest } from './signed-request.ts'
import { openWithToken, PLAIN, sign, verify } from './testing/signing.ts'
import { DAY_MS, NOW, openAccounts, SECOND_MS } from './testing/test-accounts.ts'

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

test('a scope that this version does not know is returned as null', async () => {
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
