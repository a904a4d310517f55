import { describe, expect, test } from 'bun:test'
import { inCommit } from '../directory-sync/testing/in-commit.ts'
import { digestOf, type InstanceId, newSecret } from '../kernel/ids.ts'
import { endAppSession, endAppSessionsAt, endAppSessionsOf, listAppSessions } from './app-sessions.ts'
import { type Handoff, issueHandoffCode, redeemHandoffCode } from './handoff.ts'
import { createHomeSession, endHomeSessions } from './home-sessions.ts'
import { BOUNDS } from './rate-limiters.ts'
import {
  DAY_MS,
  errorCode,
  MINUTE_MS,
  NOTES,
  NOW,
  openAccounts,
  SECOND_MS,
  type TestAccounts,
} from './testing/test-accounts.ts'

const HOST = 'notes-ab12.space.localhost'
const COOKIE = newSecret()

const handoff = ({ owner, home }: TestAccounts): Handoff => ({
  userId: owner.id,
  homeSessionId: home.id,
  instanceId: NOTES,
  host: HOST,
  challenge: digestOf(COOKIE),
  returnTo: '/notes?page=2',
})

/** By the browser that began the hand-off, on the host it was for. */
const attemptWith = (code: string) => ({ code, host: HOST, instanceId: NOTES, loginSecret: COOKIE })

async function signIn(accounts: TestAccounts, nowMs = NOW, change: Partial<Handoff> = {}) {
  const code = await issueHandoffCode(accounts.db, { ...handoff(accounts), ...change }, nowMs)
  const { host = HOST, instanceId = NOTES } = change
  const attempt = { ...attemptWith(code), host, instanceId }
  const redeemed = await inCommit(accounts.db, redeemHandoffCode, attempt, nowMs)
  if (redeemed.kind !== 'signed-in') throw new Error(redeemed.reason)
  return redeemed
}

const reasonOf = async (redeeming: ReturnType<typeof redeemHandoffCode>): Promise<string> => {
  const redeemed = await redeeming
  return redeemed.kind === 'refused' ? redeemed.reason : redeemed.kind
}

test('a code becomes a session of its host, and leads back to where the browser wanted to go', async () => {
  await using accounts = await openAccounts()
  const { session, secret, returnTo, ended } = await signIn(accounts)
  expect(session).toMatchObject({ instanceId: NOTES, userId: accounts.owner.id, digest: digestOf(secret) })
  expect(returnTo).toBe('/notes?page=2')
  expect(ended).toEqual([])
  expect(await listAppSessions(accounts.db, NOW)).toEqual([session])
})

test('neither the code nor the cookies are stored', async () => {
  await using accounts = await openAccounts()
  const { db } = accounts
  const code = await issueHandoffCode(db, handoff(accounts), NOW)
  const codes = JSON.stringify(await db.selectFrom('handoff_codes').selectAll().execute())
  const { secret } = await signIn(accounts)
  const sessions = JSON.stringify(await db.selectFrom('app_sessions').selectAll().execute())
  for (const hidden of [code, COOKIE, secret]) expect(codes + sessions).not.toContain(hidden)
})

describe('a code is refused', () => {
  test('the second time', async () => {
    await using accounts = await openAccounts()
    const attempt = attemptWith(await issueHandoffCode(accounts.db, handoff(accounts), NOW))
    expect(await reasonOf(inCommit(accounts.db, redeemHandoffCode, attempt, NOW))).toBe('signed-in')
    expect(await reasonOf(inCommit(accounts.db, redeemHandoffCode, attempt, NOW))).toBe('unknown')
  })

  test('for all but one of ten attempts at the same instant', async () => {
    await using accounts = await openAccounts()
    const attempt = attemptWith(await issueHandoffCode(accounts.db, handoff(accounts), NOW))
    const reasons = await Promise.all(
      Array.from({ length: 10 }, () => reasonOf(inCommit(accounts.db, redeemHandoffCode, attempt, NOW))),
    )
    expect(reasons.toSorted()).toEqual(['signed-in', ...Array.from({ length: 9 }, () => 'unknown')])
    expect(await listAppSessions(accounts.db, NOW)).toHaveLength(1)
  })

  test('after 60 seconds', async () => {
    await using accounts = await openAccounts()
    const redeemAfter = async (ms: number) => {
      const code = await issueHandoffCode(accounts.db, handoff(accounts), NOW)
      return reasonOf(inCommit(accounts.db, redeemHandoffCode, attemptWith(code), NOW + ms))
    }
    expect(await redeemAfter(MINUTE_MS - 1)).toBe('signed-in')
    expect(await redeemAfter(MINUTE_MS)).toBe('expired')
  })

  test.each([
    ['on another host', { host: 'evil-cd34.space.localhost' }, 'other-host'],
    ['on Home', { host: 'space.localhost' }, 'other-host'],
    ['on a host below its own', { host: `a.${HOST}` }, 'other-host'],
    ['on its host once that leads to another app', { instanceId: 'inst_other' as InstanceId }, 'other-host'],
    ['in another browser', { loginSecret: newSecret() }, 'other-browser'],
    ['without the pre-login cookie', { loginSecret: '' }, 'other-browser'],
    ['with the challenge in place of the cookie', { loginSecret: digestOf(COOKIE) }, 'other-browser'],
  ])('%s, and is spent by the attempt', async (_, change, reason) => {
    await using accounts = await openAccounts()
    const attempt = attemptWith(await issueHandoffCode(accounts.db, handoff(accounts), NOW))
    expect(await reasonOf(inCommit(accounts.db, redeemHandoffCode, { ...attempt, ...change }, NOW))).toBe(
      reason,
    )
    expect(await reasonOf(inCommit(accounts.db, redeemHandoffCode, attempt, NOW))).toBe('unknown')
    expect(await listAppSessions(accounts.db, NOW)).toEqual([])
  })

  test('once its person has signed out', async () => {
    await using accounts = await openAccounts()
    const { db, owner } = accounts
    const code = await issueHandoffCode(db, handoff(accounts), NOW)
    await inCommit(db, endHomeSessions, { userId: owner.id })
    expect(await reasonOf(inCommit(db, redeemHandoffCode, attemptWith(code), NOW))).toBe('unknown')
  })

  test('when its session of Home has expired in between', async () => {
    await using accounts = await openAccounts()
    const { db } = accounts
    const lastMoment = NOW + 30 * DAY_MS - SECOND_MS
    const code = await issueHandoffCode(db, handoff(accounts), lastMoment)
    const attempt = attemptWith(code)
    expect(await reasonOf(inCommit(db, redeemHandoffCode, attempt, lastMoment + 2 * SECOND_MS))).toBe(
      'signed-out',
    )
  })

  test('when it was never issued', async () => {
    await using accounts = await openAccounts()
    const issued = await issueHandoffCode(accounts.db, handoff(accounts), NOW)
    const hostile = [
      '',
      'x',
      "' or 1=1 --",
      '\0',
      digestOf(issued),
      `${issued}=`,
      ` ${issued}`,
      'x'.repeat(1_000_000),
    ]
    for (const code of hostile)
      expect(await reasonOf(inCommit(accounts.db, redeemHandoffCode, attemptWith(code), NOW))).toBe('unknown')
  })
})

test.each(['', 'short', `${digestOf('x')}=`, `${digestOf('x')}\n`, digestOf('x').slice(1), 'ä'.repeat(43)])(
  '%j is no challenge',
  async (challenge) => {
    await using accounts = await openAccounts()
    const issuing = issueHandoffCode(accounts.db, { ...handoff(accounts), challenge }, NOW)
    expect(await errorCode(issuing)).toBe('invalid')
  },
)

test('a return path that leads elsewhere becomes the start page', async () => {
  await using accounts = await openAccounts()
  const { returnTo } = await signIn(accounts, NOW, { returnTo: '//evil.example/' })
  expect(returnTo).toBe('/')
})

test('a session that has ended, or belongs to another person, gets no code', async () => {
  await using accounts = await openAccounts()
  const { db, owner } = accounts
  const other = { ...handoff(accounts), userId: 'usr_other' as typeof owner.id }
  expect(await errorCode(issueHandoffCode(db, other, NOW))).toBe('unauthorized')
  await inCommit(db, endHomeSessions, { userId: owner.id })
  expect(await errorCode(issueHandoffCode(db, handoff(accounts), NOW))).toBe('unauthorized')
})

test('a page that asks for codes in a loop fills nothing and keeps the person out of no app', async () => {
  await using accounts = await openAccounts()
  const { db } = accounts
  const flood = () => issueHandoffCode(db, handoff(accounts), NOW)
  const first = await flood()
  for (let i = 1; i < 2 * BOUNDS.handoffCodesPerHomeSession; i++) await flood()
  const kept = await db.selectFrom('handoff_codes').select('code_digest').execute()
  expect(kept).toHaveLength(BOUNDS.handoffCodesPerHomeSession)
  const mine = await flood()
  for (let i = 1; i < BOUNDS.handoffCodesPerHomeSession; i++) await flood()
  const redeem = (code: string) => inCommit(db, redeemHandoffCode, attemptWith(code), NOW)
  expect((await redeem(mine)).kind).toBe('signed-in')
  expect(await reasonOf(redeem(first))).toBe('unknown')
})

describe('app sessions', () => {
  test('end with the session of Home they grew from, and no others', async () => {
    await using accounts = await openAccounts()
    const { db, owner, home } = accounts
    const one = await signIn(accounts)
    const two = await signIn(accounts, NOW, {
      host: 'todo.space.localhost',
      instanceId: 'inst_todo' as InstanceId,
    })
    const laptop = await createHomeSession(db, { userId: owner.id, userAgent: '' }, NOW)
    const elsewhere = await signIn(accounts, NOW, { homeSessionId: laptop.id })
    const ended = await inCommit(db, endHomeSessions, { userId: owner.id, only: home.id })
    expect(ended.toSorted()).toEqual([one.session.id, two.session.id].toSorted())
    expect(await listAppSessions(db, NOW)).toEqual([elsewhere.session])
  })

  test('end no later than the session of Home does', async () => {
    await using accounts = await openAccounts()
    const { session } = await signIn(accounts, NOW + 10 * DAY_MS)
    expect(session.expiresAtMs).toBe(NOW + 30 * DAY_MS)
    expect(await listAppSessions(accounts.db, NOW + 30 * DAY_MS)).toEqual([])
  })

  test('of one browser on one host are a handful: the oldest make room', async () => {
    await using accounts = await openAccounts()
    const sessions = []
    for (let i = 0; i < BOUNDS.appSessionsPerBrowserAndHost; i++)
      sessions.push(await signIn(accounts, NOW + i))
    const { ended } = await signIn(accounts, NOW + 100)
    expect(ended).toEqual([sessions[0]!.session.id])
    expect(await listAppSessions(accounts.db, NOW)).toHaveLength(BOUNDS.appSessionsPerBrowserAndHost)
  })

  test('end one by one, by the cookie of their own instance only', async () => {
    await using accounts = await openAccounts()
    const { db } = accounts
    const { session, secret } = await signIn(accounts)
    expect(await inCommit(db, endAppSession, { secret, instanceId: 'inst_other' as InstanceId })).toBeNull()
    expect(await inCommit(db, endAppSession, { secret: session.digest, instanceId: NOTES })).toBeNull()
    expect(await inCommit(db, endAppSession, { secret, instanceId: NOTES })).toBe(session.id)
    expect(await inCommit(db, endAppSession, { secret, instanceId: NOTES })).toBeNull()
  })

  test('end with their host, and so do the codes on the way to it', async () => {
    await using accounts = await openAccounts()
    const { db } = accounts
    const host = 'notes.example.org'
    const { session: builtIn } = await signIn(accounts)
    const { session } = await signIn(accounts, NOW, { host })
    const code = await issueHandoffCode(db, { ...handoff(accounts), host }, NOW)
    expect(await inCommit(db, endAppSessionsAt, host)).toEqual([session.id])
    expect(await listAppSessions(db, NOW)).toEqual([builtIn])
    const attempt = { ...attemptWith(code), host }
    expect(await reasonOf(inCommit(db, redeemHandoffCode, attempt, NOW))).toBe('unknown')
  })

  test('end with their instance, and so do the codes on the way to it', async () => {
    await using accounts = await openAccounts()
    const { db } = accounts
    const { session } = await signIn(accounts)
    const code = await issueHandoffCode(db, handoff(accounts), NOW)
    expect(await inCommit(db, endAppSessionsOf, NOTES)).toEqual([session.id])
    expect(await reasonOf(inCommit(db, redeemHandoffCode, attemptWith(code), NOW))).toBe('unknown')
  })
})
