import { expect, test } from 'bun:test'
import { createHomeSession } from './home-sessions.ts'
import { BOUNDS } from './rate-limiters.ts'
import { logIn } from './password-login.ts'
import { errorCode, NOW, openAccounts, OWNER, SECOND_MS, type TestAccounts } from './testing/test-accounts.ts'
import { insertPerson } from '../people/testing/insert-person.ts'

const attempt = { login: 'ada', password: OWNER.password, client: '192.0.2.1' }

test('the right password signs in, as often as one likes', async () => {
  await using accounts = await openAccounts()
  for (let i = 0; i < 12; i++)
    expect(await logIn(accounts.db, accounts.limits, attempt, NOW)).toEqual(accounts.owner)
})

test('a wrong name and a wrong password are told the same', async () => {
  await using accounts = await openAccounts()
  const messages = [
    { ...attempt, password: 'wrong password' },
    { ...attempt, login: 'nobody' },
  ].map((wrong) => logIn(accounts.db, accounts.limits, wrong, NOW).catch((error: Error) => error.message))
  const [byPassword, byName] = await Promise.all(messages)
  expect(byPassword).toBe('Wrong username or password.')
  expect(byName).toBe(byPassword!)
})

test('after five wrong attempts an address waits, also with the right password', async () => {
  await using accounts = await openAccounts()
  const { db, limits } = accounts
  const wrong = (i: number) => logIn(db, limits, { ...attempt, login: `guess-${i}`, password: 'wrong' }, NOW)
  for (let i = 0; i < 5; i++) expect(await errorCode(wrong(i))).toBe('unauthorized')
  expect(await errorCode(logIn(db, limits, attempt, NOW))).toBe('rate_limited')
  expect(await errorCode(logIn(db, limits, attempt, NOW + SECOND_MS))).toBeUndefined()
})

test('a browser that was signed in before does not wait for what others try, but for its own guesses', async () => {
  await using accounts = await openAccounts()
  const { db, limits, owner } = accounts
  const devices = [{ id: 'laptop', userId: owner.id }]
  for (let i = 0; i < 30; i++) await errorCode(logIn(db, limits, { ...attempt, password: 'wrong' }, NOW))
  expect(await errorCode(logIn(db, limits, attempt, NOW))).toBe('rate_limited')
  expect(await errorCode(logIn(db, limits, { ...attempt, devices }, NOW))).toBeUndefined()

  const stolen = (login: string) =>
    errorCode(logIn(db, limits, { ...attempt, login, password: 'wrong', devices }, NOW))
  for (let i = 0; i < 10; i++) expect(await stolen('ADA')).toBe('unauthorized')
  expect(await stolen('ada')).toBe('rate_limited')
  expect(await stolen('grace')).toBe('rate_limited')
})

test('guesses made at the same instant count each other', async () => {
  await using accounts = await openAccounts()
  const guesses = Array.from({ length: 12 }, (_, i) =>
    errorCode(logIn(accounts.db, accounts.limits, { ...attempt, password: `wrong ${i}` }, NOW)),
  )
  const codes = await Promise.all(guesses)
  expect(codes.filter((code) => code === 'unauthorized')).toHaveLength(5)
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(7)
})

test('a name is closed to guesses from ever new addresses', async () => {
  await using accounts = await openAccounts()
  const { db, limits } = accounts
  const codes: (string | undefined)[] = []
  for (let i = 0; i < 21; i++)
    codes.push(
      await errorCode(logIn(db, limits, { login: 'Ada', password: 'wrong', client: `192.0.2.${i}` }, NOW)),
    )
  expect(codes.slice(0, 20).every((code) => code === 'unauthorized')).toBe(true)
  expect(codes[20]).toBe('rate_limited')
})

test('strangers who close a name do not close it in the network where its person is signed in', async () => {
  await using accounts = await openAccounts()
  const { db, limits, owner } = accounts
  await createHomeSession(db, { userId: owner.id, userAgent: '', network: '198.51.100.7' }, NOW)
  const eve = await insertPerson(db, { username: 'eve', password: OWNER.password }, NOW)
  await createHomeSession(db, { userId: eve.id, userAgent: '', network: '203.0.113.9' }, NOW)
  for (let i = 0; i < 40; i++)
    await errorCode(logIn(db, limits, { ...attempt, password: 'wrong', client: `192.0.2.${i}` }, NOW))
  const from = (client: string, login = 'ada') =>
    errorCode(logIn(db, limits, { ...attempt, login, client }, NOW))
  expect(await from('198.51.100.8')).toBe('rate_limited')
  expect(await from('203.0.113.9')).toBe('rate_limited')
  expect(await from('::ffff:198.51.100.7')).toBeUndefined()

  for (const network of ['127.0.0.1', 'unknown', ''])
    await createHomeSession(db, { userId: owner.id, userAgent: '', network }, NOW)
  for (const client of ['127.0.0.1', '::ffff:127.0.0.1', 'unknown', ''])
    expect([client, await from(client)]).toEqual([client, 'rate_limited'])

  const guess = () =>
    errorCode(logIn(db, limits, { ...attempt, password: 'wrong', client: '198.51.100.7' }, NOW))
  for (let i = 0; i < 5; i++) expect(await guess()).toBe('unauthorized')
  expect(await guess()).toBe('rate_limited')
})

test('the number of passwords that are checked at once is limited', async () => {
  await using accounts = await openAccounts()
  const { db, limits } = accounts
  const places = BOUNDS.passwordChecksAtOnce - BOUNDS.passwordChecksForDevices
  const codes = await Promise.all(crowdOf(places + 4, accounts))
  expect(codes.filter((code) => code === 'unauthorized')).toHaveLength(places)
  expect(await errorCode(logIn(db, limits, attempt, NOW))).toBeUndefined()
})

test('strangers from forty networks do not shut out the owner in a browser that has signed in before', async () => {
  await using accounts = await openAccounts()
  const { db, limits, owner } = accounts
  const devices = [{ id: 'laptop', userId: owner.id }]
  const strangers = crowdOf(40, accounts)
  const mine = Array.from({ length: BOUNDS.passwordChecksForDevices }, () =>
    errorCode(logIn(db, limits, { ...attempt, devices }, NOW)),
  )
  expect(await Promise.all(mine)).toEqual(mine.map(() => undefined))
  expect(await Promise.all(strangers)).toContain('rate_limited')
})

/** Wrong log-ins at once, each from a network of its own. */
const crowdOf = (size: number, { db, limits }: TestAccounts) =>
  Array.from({ length: size }, (_, i) =>
    errorCode(logIn(db, limits, { login: `guess-${i}`, password: 'wrong', client: `192.0.2.${i}` }, NOW)),
  )
