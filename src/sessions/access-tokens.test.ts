import { expect, test } from 'bun:test'
import { createAccessToken, deleteAccessToken, listAccessTokens } from './access-tokens.ts'
import { displayName } from './display-name.ts'
import { BOUNDS } from './rate-limiters.ts'
import { DAY_MS, errorCode, NOW, openAccounts, OWNER } from './testing/test-accounts.ts'
import { insertPerson } from '../people/testing/insert-person.ts'

test('a token has the form the official CLI takes, and lives for a year', async () => {
  await using accounts = await openAccounts()
  const { db, sealer, owner } = accounts
  const token = await createAccessToken(db, sealer, { userId: owner.id, name: 'laptop' }, NOW)
  expect(token.value).toMatch(/^[A-Za-z0-9]{8}_[A-Za-z0-9]{32}$/)
  expect(token.value).toStartWith(`${token.id}_`)
  expect(token.expiresAtMs).toBe(NOW + 365 * DAY_MS)
})

test('a token is listed without its value, which is nowhere in the database', async () => {
  await using accounts = await openAccounts()
  const { db, sealer, owner } = accounts
  const { value, ...token } = await createAccessToken(db, sealer, { userId: owner.id, name: 'laptop' }, NOW)
  expect(await listAccessTokens(db, owner.id, NOW)).toEqual([token])
  const stored = JSON.stringify(await db.selectFrom('access_tokens').selectAll().execute())
  expect(stored).not.toContain(value.slice(9))
  expect(await listAccessTokens(db, owner.id, NOW + 365 * DAY_MS)).toEqual([])
})

test('only its person can delete a token', async () => {
  await using accounts = await openAccounts()
  const { db, sealer, owner } = accounts
  const eve = await insertPerson(db, { username: 'eve', password: OWNER.password }, NOW)
  const { id } = await createAccessToken(db, sealer, { userId: owner.id, name: 'laptop' }, NOW)
  expect(await deleteAccessToken(db, eve.id, id)).toBe(false)
  expect(await deleteAccessToken(db, owner.id, id)).toBe(true)
  expect(await deleteAccessToken(db, owner.id, id)).toBe(false)
})

test('the number of tokens of one person is limited', async () => {
  await using accounts = await openAccounts()
  const { db, sealer, owner } = accounts
  const create = () => errorCode(createAccessToken(db, sealer, { userId: owner.id, name: 'x' }, NOW))
  const codes = await Promise.all(Array.from({ length: BOUNDS.accessTokensPerUser + 3 }, create))
  expect(codes.filter((code) => code === 'conflict')).toHaveLength(3)
})

test.each([
  ['space on ada\u2019s laptop', 'space on ada\u2019s laptop'],
  ['  two\r\nlines\t', 'two lines'],
  ['a\u202egnp.exe', 'a gnp.exe'],
  ['zero\u200bwidth', 'zero width'],
  ['\x1b[31mred', '[31mred'],
  ['\u2028\u2029\0', 'Unnamed'],
  ['', 'Unnamed'],
  ['x'.repeat(65), 'x'.repeat(64)],
  ['\u{1f5dd}'.repeat(100), '\u{1f5dd}'.repeat(64)],
  ['a\ud800b', 'a b'],
])('the name %j is shown as %j', (name, shown) => {
  expect(displayName(name)).toBe(shown)
})
