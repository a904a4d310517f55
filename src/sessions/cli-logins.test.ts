import { describe, expect, test } from 'bun:test'
import { inCommit } from '../directory-sync/testing/in-commit.ts'
import { newSecret } from '../kernel/ids.ts'
import { listAccessTokens } from './access-tokens.ts'
import { answerCliLogin, createCliLogin, getCliLogin, pollCliLogin } from './cli-logins.ts'
import { BOUNDS } from './rate-limiters.ts'
import {
  DAY_MS,
  errorCode,
  MINUTE_MS,
  NOW,
  openAccounts,
  OWNER,
  type TestAccounts,
} from './testing/test-accounts.ts'
import { deleteUser } from './account-changes.ts'
import { insertPerson } from '../people/testing/insert-person.ts'

const begin = ({ db, limits }: TestAccounts, nowMs = NOW, client = '192.0.2.1') =>
  createCliLogin(db, limits, { name: 'space on laptop', client }, nowMs)

type Started = Awaited<ReturnType<typeof begin>>

const answer = (
  { db, limits, owner }: TestAccounts,
  { id, userCode }: Pick<Started, 'id' | 'userCode'>,
  answer: 'approved' | 'denied' = 'approved',
  nowMs = NOW,
) => errorCode(answerCliLogin(db, limits, { id, userCode, userId: owner.id, answer }, nowMs))

const poll = (
  { db, sealer }: TestAccounts,
  { id, pollToken }: Pick<Started, 'id' | 'pollToken'>,
  nowMs = NOW,
) => pollCliLogin(db, sealer, { id, pollToken, idleMs: 30 * DAY_MS }, nowMs)

test('a log-in that its person approves hands out one token, named after the program', async () => {
  await using accounts = await openAccounts()
  const login = await begin(accounts)
  expect(login.userCode).toMatch(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/)
  expect(await poll(accounts, login)).toEqual({ status: 'pending' })
  expect(await answer(accounts, login)).toBeUndefined()
  const approved = await poll(accounts, login)
  if (approved.status !== 'approved') throw new Error(approved.status)
  const [token] = await listAccessTokens(accounts.db, accounts.owner.id, NOW)
  expect(token).toMatchObject({ id: approved.accessToken.slice(0, 8), name: 'space on laptop' })
})

test('the person sees who asked, from where and for what, and the token is limited to that', async () => {
  await using accounts = await openAccounts()
  const { db, limits, owner } = accounts
  const asked = { name: 'ci', client: '198.51.100.7', scope: 'push' } as const
  const login = await createCliLogin(db, limits, asked, NOW)
  const shown = await getCliLogin(db, limits, { userId: owner.id, userCode: login.userCode }, NOW)
  expect(shown).toMatchObject({ ...asked, createdAtMs: NOW })
  await answer(accounts, login)
  await poll(accounts, login)
  const [token] = await listAccessTokens(db, owner.id, NOW)
  expect(token).toMatchObject({ scope: 'push', expiresAtMs: NOW + 30 * DAY_MS, endsAtMs: NOW + 365 * DAY_MS })
})

test('the token is handed out once, also to ten polls at the same instant', async () => {
  await using accounts = await openAccounts()
  const login = await begin(accounts)
  await answer(accounts, login)
  const polls = await Promise.all(Array.from({ length: 10 }, () => poll(accounts, login)))
  expect(polls.filter(({ status }) => status === 'approved')).toHaveLength(1)
  expect(polls.filter(({ status }) => status === 'expired')).toHaveLength(9)
  expect(await listAccessTokens(accounts.db, accounts.owner.id, NOW)).toHaveLength(1)
})

test('a denied log-in stays denied', async () => {
  await using accounts = await openAccounts()
  const login = await begin(accounts)
  await answer(accounts, login, 'denied')
  expect(await poll(accounts, login)).toEqual({ status: 'denied' })
  expect(await answer(accounts, login)).toBe('not_found')
  expect(await poll(accounts, login)).toEqual({ status: 'denied' })
  expect(await listAccessTokens(accounts.db, accounts.owner.id, NOW)).toEqual([])
})

test('after ten minutes there is nothing to approve and nothing to collect', async () => {
  await using accounts = await openAccounts()
  const approved = await begin(accounts)
  await answer(accounts, approved)
  const open = await begin(accounts)
  const later = NOW + 10 * MINUTE_MS
  expect(await poll(accounts, approved, later)).toEqual({ status: 'expired' })
  expect(await poll(accounts, open, later)).toEqual({ status: 'expired' })
  expect(await answer(accounts, open, 'approved', later)).toBe('not_found')
  const { db, limits, owner } = accounts
  expect(await getCliLogin(db, limits, { userId: owner.id, userCode: open.userCode }, later)).toBeNull()
})

describe('a stranger', () => {
  test('polling another person\u2019s login reveals nothing, and does no harm', async () => {
    await using accounts = await openAccounts()
    const login = await begin(accounts)
    const other = await begin(accounts)
    await answer(accounts, login)
    for (const pollToken of [
      '',
      ' ',
      login.id,
      login.userCode,
      other.pollToken,
      newSecret(),
      'x'.repeat(1_000_000),
    ])
      expect(await poll(accounts, { id: login.id, pollToken })).toEqual({ status: 'expired' })
    expect((await poll(accounts, login)).status).toBe('approved')
  })

  test('cannot have their own log-in approved by the code of another', async () => {
    await using accounts = await openAccounts()
    const mine = await begin(accounts)
    const theirs = await begin(accounts)
    expect(await answer(accounts, { id: theirs.id, userCode: mine.userCode })).toBe('not_found')
    expect(await poll(accounts, theirs)).toEqual({ status: 'pending' })
    expect(await poll(accounts, mine)).toEqual({ status: 'pending' })
  })

  test('cannot find the secret in the database', async () => {
    await using accounts = await openAccounts()
    const login = await begin(accounts)
    const rows = JSON.stringify(await accounts.db.selectFrom('cli_logins').selectAll().execute())
    expect(rows).not.toContain(login.pollToken)
  })

  test('who begins many has to wait', async () => {
    await using accounts = await openAccounts()
    for (let i = 0; i < 10; i++) await begin(accounts)
    expect(await errorCode(begin(accounts))).toBe('rate_limited')
    expect(await errorCode(begin(accounts, NOW, '192.0.2.2'))).toBeUndefined()
  })

  test('with many addresses fills bounded memory only, and blocks no other person', async () => {
    await using accounts = await openAccounts()
    const flood = async () => {
      for (let i = 0; i < BOUNDS.pendingCliLogins; i++)
        await begin(accounts, NOW, `10.0.${(i / 2) >> 8}.${(i / 2) & 255}`)
    }
    await flood()
    const mine = await begin(accounts, NOW, '192.0.2.9')
    const approved = await begin(accounts, NOW, '192.0.2.10')
    expect(await answer(accounts, approved)).toBeUndefined()
    for (let i = 0; i < 500; i++) await begin(accounts, NOW, `10.1.${i >> 8}.${i & 255}`)
    expect(await poll(accounts, mine)).toEqual({ status: 'pending' })
    expect((await poll(accounts, approved)).status).toBe('approved')
    const { open } = await accounts.db
      .selectFrom('cli_logins')
      .select((e) => e.fn.countAll<number>().as('open'))
      .executeTakeFirstOrThrow()
    expect(open).toBeLessThanOrEqual(BOUNDS.pendingCliLogins)
  })
})

test('only one of two people can approve a log-in, and its token is theirs', async () => {
  await using accounts = await openAccounts()
  const { db, limits, owner } = accounts
  const eve = await insertPerson(db, { username: 'eve', password: OWNER.password }, NOW)
  const { id, userCode, pollToken } = await begin(accounts)
  const approve = (userId: typeof eve.id) =>
    errorCode(answerCliLogin(db, limits, { id, userCode, userId, answer: 'approved' }, NOW))
  const answers = await Promise.all([approve(owner.id), approve(eve.id)])
  // Which of the two is first is decided by the database.
  expect(answers.toSorted()).toEqual(['not_found', undefined])
  const [winner, loser] = answers[0] === undefined ? [owner.id, eve.id] : [eve.id, owner.id]
  await poll(accounts, { id, pollToken })
  expect(await listAccessTokens(db, winner, NOW)).toHaveLength(1)
  expect(await listAccessTokens(db, loser, NOW)).toEqual([])
})

test('an approval goes with the person who gave it', async () => {
  await using accounts = await openAccounts()
  const login = await begin(accounts)
  await answer(accounts, login)
  await inCommit(accounts.db, deleteUser, accounts.owner.id)
  expect(await poll(accounts, login)).toEqual({ status: 'expired' })
})

describe('the code', () => {
  test('may be typed in any case, with or without its hyphen', async () => {
    await using accounts = await openAccounts()
    const { db, limits, owner } = accounts
    const { id, userCode } = await begin(accounts)
    for (const typed of [
      userCode,
      userCode.toLowerCase(),
      userCode.replace('-', ''),
      ` ${userCode.replace('-', ' ')} `,
    ])
      expect((await getCliLogin(db, limits, { userId: owner.id, userCode: typed }, NOW))?.id).toBe(id)
  })

  test('is found by nothing else', async () => {
    await using accounts = await openAccounts()
    await begin(accounts)
    const { db, limits, owner } = accounts
    for (const userCode of ['', '-', '%', '____-____', 'x'.repeat(1_000_000)])
      expect(await getCliLogin(db, limits, { userId: owner.id, userCode }, NOW)).toBeNull()
  })

  test('cannot be guessed at without end', async () => {
    await using accounts = await openAccounts()
    const { db, limits, owner } = accounts
    const guess = () => errorCode(getCliLogin(db, limits, { userId: owner.id, userCode: 'BBBB-BBBB' }, NOW))
    const codes: (string | undefined)[] = []
    for (let i = 0; i < 11; i++) codes.push(await guess())
    expect(codes.at(-1)).toBe('rate_limited')
  })
})
