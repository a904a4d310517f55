import { expect, test } from 'bun:test'
import type { DirectoryChange } from '../directory/index.ts'
import { inCommit, recordingSync } from '../directory-sync/testing/in-commit.ts'
import { digestOf } from '../kernel/ids.ts'
import { createAccessToken } from './access-tokens.ts'
import { createCliLogin } from './cli-logins.ts'
import { issueHandoffCode, redeemHandoffCode } from './handoff.ts'
import {
  createHomeSession,
  getHomeSession,
  listHomeSessions,
  prolongHomeSession,
  prolongUsedSessions,
} from './home-sessions.ts'
import { BOUNDS } from './rate-limiters.ts'
import { sweepAccounts } from './expire.ts'
import { DAY_MS, MINUTE_MS, NOTES, NOW, openAccounts, type TestAccounts } from './testing/test-accounts.ts'

const TABLES = ['home_sessions', 'app_sessions', 'handoff_codes', 'access_tokens', 'cli_logins'] as const

const rowsOf = ({ db }: TestAccounts) =>
  Promise.all(TABLES.map(async (table) => (await db.selectFrom(table).select('user_id').execute()).length))

async function fill(accounts: TestAccounts) {
  const { db, sealer, limits, owner, home } = accounts
  const handoff = {
    homeSessionId: home.id,
    userId: owner.id,
    instanceId: NOTES,
    host: 'a.test',
    returnTo: '/',
  }
  const issue = () => issueHandoffCode(db, { ...handoff, challenge: digestOf('cookie') }, NOW)
  const redeemed = await inCommit(
    db,
    redeemHandoffCode,
    { code: await issue(), host: 'a.test', instanceId: NOTES, loginSecret: 'cookie' },
    NOW,
  )
  if (redeemed.kind !== 'signed-in') throw new Error(redeemed.reason)
  await issue()
  await createAccessToken(db, sealer, { userId: owner.id, name: 'a' }, NOW)
  await createCliLogin(db, limits, { name: 'a', client: '' }, NOW)
  return redeemed.session
}

test('what is alive stays', async () => {
  await using accounts = await openAccounts()
  await fill(accounts)
  expect(await inCommit(accounts.db, sweepAccounts, NOW + 1)).toEqual([])
  expect(await rowsOf(accounts)).toEqual([1, 1, 1, 1, 1])
})

test('what has expired goes, and the app sessions among it are named', async () => {
  await using accounts = await openAccounts()
  const session = await fill(accounts)
  expect(await inCommit(accounts.db, sweepAccounts, NOW + 30 * DAY_MS)).toEqual([session.id])
  expect(await rowsOf(accounts)).toEqual([0, 0, 0, 1, 0])
  expect(await inCommit(accounts.db, sweepAccounts, NOW + 365 * DAY_MS)).toEqual([])
  expect(await rowsOf(accounts)).toEqual([0, 0, 0, 0, 0])
})

test('what grew from a prolonged session of Home lives as long as it does', async () => {
  await using accounts = await openAccounts()
  const session = await fill(accounts)
  await inCommit(accounts.db, prolongHomeSession, accounts.home.id, NOW + 20 * DAY_MS)
  expect(await inCommit(accounts.db, sweepAccounts, NOW + 30 * DAY_MS)).toEqual([])
  expect(await listHomeSessions(accounts.db, accounts.owner.id, NOW + 30 * DAY_MS)).toHaveLength(1)
  expect(await inCommit(accounts.db, sweepAccounts, NOW + 50 * DAY_MS)).toEqual([session.id])
})

test('beyond the bound the sessions unused longest go', async () => {
  await using accounts = await openAccounts()
  const { db, owner, home } = accounts
  const session = await fill(accounts)
  for (let i = 0; i < BOUNDS.homeSessionsPerUser; i++)
    await createHomeSession(db, { userId: owner.id, userAgent: '' }, NOW + 1 + i)
  expect(await inCommit(db, sweepAccounts, NOW + 1_000)).toEqual([session.id])
  const left = await listHomeSessions(db, owner.id, NOW + 1_000)
  expect(left).toHaveLength(BOUNDS.homeSessionsPerUser)
  expect(left.map(({ id }) => id)).not.toContain(home.id)
})

test('using an app prolongs the session that it grew from, at most every ten minutes', async () => {
  await using accounts = await openAccounts()
  const session = await fill(accounts)
  const published: DirectoryChange[] = []
  const sync = recordingSync(accounts.db, published)
  const use = (nowMs: number) =>
    sync.commit((commit) => prolongUsedSessions(commit, [session.id, 'ses_unknown'], nowMs))
  await use(NOW + 9 * MINUTE_MS)
  expect(published).toEqual([])
  await use(NOW + 20 * DAY_MS)
  await use(NOW + 20 * DAY_MS + MINUTE_MS)
  const prolonged = { ...session, expiresAtMs: NOW + 50 * DAY_MS }
  expect(published).toEqual([{ op: 'session.put', session: prolonged }])
  expect(await getHomeSession(accounts.db, accounts.home.secret, NOW + 49 * DAY_MS)).not.toBeNull()
})

test('a session that has ended is not brought back by a late use', async () => {
  await using accounts = await openAccounts()
  const session = await fill(accounts)
  await inCommit(accounts.db, prolongUsedSessions, [session.id], NOW + 30 * DAY_MS)
  expect(await getHomeSession(accounts.db, accounts.home.secret, NOW + 30 * DAY_MS)).toBeNull()
})
