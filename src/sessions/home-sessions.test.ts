import { describe, expect, test } from 'bun:test'
import { inCommit } from '../directory-sync/testing/in-commit.ts'
import { newSecret, type SessionId } from '../kernel/ids.ts'
import { describeUserAgent } from './user-agent-label.ts'
import {
  createHomeSession,
  endHomeSessions,
  getHomeSession,
  listHomeSessions,
  prolongHomeSession,
} from './home-sessions.ts'
import { DAY_MS, MINUTE_MS, NOW, openAccounts, OWNER } from './testing/test-accounts.ts'
import { insertPerson } from '../people/testing/insert-person.ts'

test('a session is known by its secret, of which only a digest is stored', async () => {
  await using accounts = await openAccounts()
  const { db, home, owner } = accounts
  expect((await getHomeSession(db, home.secret, NOW))?.user).toEqual(owner)
  const rows = await db.selectFrom('home_sessions').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(home.secret)
})

test('a session lasts 30 days from the last visit', async () => {
  await using accounts = await openAccounts()
  const { db, home } = accounts
  expect((await getHomeSession(db, home.secret, NOW + 29 * DAY_MS))?.isDue).toBe(true)
  await inCommit(db, prolongHomeSession, home.id, NOW + 29 * DAY_MS)
  expect(await getHomeSession(db, home.secret, NOW + 58 * DAY_MS)).not.toBeNull()
  expect(await getHomeSession(db, home.secret, NOW + 88 * DAY_MS)).toBeNull()
})

test('a session expires exactly after 30 days without use', async () => {
  await using accounts = await openAccounts()
  expect(await getHomeSession(accounts.db, accounts.home.secret, NOW + 30 * DAY_MS)).toBeNull()
})

test('a visit soon after another is not due to be written down', async () => {
  await using accounts = await openAccounts()
  const visit = await getHomeSession(accounts.db, accounts.home.secret, NOW + 9 * MINUTE_MS)
  expect(visit).toMatchObject({ isDue: false, expiresAtMs: NOW + 30 * DAY_MS })
})

test('whatever else a cookie holds is no session', async () => {
  await using accounts = await openAccounts()
  const { db, home } = accounts
  const hostile = [
    '',
    ' ',
    '%',
    '\0',
    '"',
    "' or ''='",
    home.id,
    home.secret.slice(0, -1),
    `${home.secret}=`,
    `${home.secret} `,
    `"${home.secret}"`,
    home.secret.toLowerCase(),
    home.secret.toUpperCase(),
    encodeURIComponent(`${home.secret};`),
    newSecret(),
    'x'.repeat(1_000_000),
    '\ud800',
  ]
  for (const secret of hostile) expect(await getHomeSession(db, secret, NOW)).toBeNull()
})

test('a person sees their own sessions only', async () => {
  await using accounts = await openAccounts()
  const { db, owner, home } = accounts
  const eve = await insertPerson(db, { username: 'eve', password: OWNER.password }, NOW)
  await createHomeSession(db, { userId: eve.id, userAgent: 'curl/8.0' }, NOW)
  const phone = await createHomeSession(db, { userId: owner.id, userAgent: 'x'.repeat(5_000) }, NOW + 1)
  const list = await listHomeSessions(db, owner.id, NOW + 2)
  expect(list.map(({ id }) => id)).toEqual([phone.id, home.id])
  expect(list[0]?.userAgent).toHaveLength(300)
})

describe('ending sessions', () => {
  test('ends one, all but one, or all', async () => {
    await using accounts = await openAccounts()
    const { db, owner, home } = accounts
    const more = await Promise.all(
      [1, 2, 3].map(() => createHomeSession(db, { userId: owner.id, userAgent: '' }, NOW)),
    )
    const left = async () => (await listHomeSessions(db, owner.id, NOW)).length
    await inCommit(db, endHomeSessions, { userId: owner.id, only: more[0]!.id })
    expect(await left()).toBe(3)
    expect(await getHomeSession(db, more[0]!.secret, NOW)).toBeNull()
    await inCommit(db, endHomeSessions, { userId: owner.id, except: home.id })
    expect(await left()).toBe(1)
    await inCommit(db, endHomeSessions, { userId: owner.id })
    expect(await left()).toBe(0)
  })

  test('never reaches another person', async () => {
    await using accounts = await openAccounts()
    const { db, home } = accounts
    const eve = await insertPerson(db, { username: 'eve', password: OWNER.password }, NOW)
    await inCommit(db, endHomeSessions, { userId: eve.id, only: home.id })
    await inCommit(db, endHomeSessions, { userId: eve.id, only: 'ses_unknown' as SessionId })
    await inCommit(db, endHomeSessions, { userId: eve.id })
    expect(await getHomeSession(db, home.secret, NOW)).not.toBeNull()
  })
})

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
    'Safari on iPhone',
  ],
  ['curl/8.5.0', 'curl'],
  ['', 'Unknown browser'],
])('%j is shown as %j', (userAgent, device) => {
  expect(describeUserAgent(userAgent)).toBe(device)
})
