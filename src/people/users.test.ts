import { expect, test } from 'bun:test'
import { inCommit } from '../directory-sync/testing/in-commit.ts'
import type { Kysely } from 'kysely'
import { openTestDatabase } from '../storage/testing/test-database.ts'
import { openDatabase } from '../storage/database.ts'
import {
  changePassword,
  createHomeSession,
  deleteUser,
  getHomeSession,
  listHomeSessions,
  issueHandoffCode,
  redeemHandoffCode,
  type SessionsTables,
} from '../sessions/index.ts'
import { digestOf, type UserId } from '../kernel/ids.ts'
import {
  accountMigrations,
  errorCode,
  NOTES,
  NOW,
  openAccounts,
  openEmptyAccounts,
  OWNER,
} from '../sessions/testing/test-accounts.ts'
import {
  createOwner,
  createUser,
  getUserByPassword,
  hashNewPassword,
  isServerOwner,
  isSetUp,
} from './users.ts'

test('the first person becomes the owner, and no later one', async () => {
  await using accounts = await openEmptyAccounts()
  expect(await isSetUp(accounts.db)).toBe(false)
  const owner = await createOwner(accounts.db, OWNER, NOW)
  expect(owner).toEqual({ id: owner.id, username: 'ada', email: 'ada@example.org' })
  expect(await isSetUp(accounts.db)).toBe(true)
  expect(await errorCode(createOwner(accounts.db, { ...OWNER, username: 'eve', email: null }, NOW))).toBe(
    'conflict',
  )
})

test('of eight people who set up at the same instant one becomes the owner', async () => {
  await using accounts = await openEmptyAccounts()
  const people = Array.from({ length: 8 }, (_, i) => ({
    ...OWNER,
    username: `ada${i}`,
    email: `ada${i}@example.org`,
  }))
  const codes = await Promise.all(people.map((person) => errorCode(createOwner(accounts.db, person, NOW))))
  expect(codes.filter((code) => code === undefined)).toHaveLength(1)
  expect(codes.filter((code) => code === 'conflict')).toHaveLength(7)
  const { length } = await accounts.db.selectFrom('users').select('id').execute()
  expect(length).toBe(1)
})

test('set-up stays closed after the owner is deleted', async () => {
  await using accounts = await openAccounts()
  await inCommit(accounts.db, deleteUser, accounts.owner.id)
  expect(await isSetUp(accounts.db)).toBe(true)
  expect(await errorCode(createOwner(accounts.db, OWNER, NOW))).toBe('conflict')
})

test('a refused person leaves set-up open', async () => {
  await using accounts = await openEmptyAccounts()
  expect(await errorCode(createOwner(accounts.db, { ...OWNER, password: 'short' }, NOW))).toBe('invalid')
  expect(await isSetUp(accounts.db)).toBe(false)
})

test('a name or an address that differs in case only is taken', async () => {
  await using accounts = await openAccounts()
  const named = (username: string, email: string | null) =>
    errorCode(createUser(accounts.db, { ...OWNER, username, email }, NOW))
  expect(await named('ADA', null)).toBe('conflict')
  expect(await named('eve', 'ADA@Example.ORG')).toBe('conflict')
  expect(await Promise.all([named('twin', null), named('Twin', null)])).toContain('conflict')
  expect(await named('eve', null)).toBeUndefined()
  expect(await named('bob', null)).toBeUndefined()
})

test.each([
  ['ada', OWNER.password, true],
  ['ADA', OWNER.password, true],
  ['Ada@example.org', OWNER.password, true],
  ['ada', 'correct horse batterY', false],
  ['ada', '', false],
  ['ada', `${OWNER.password}${' '.repeat(1_000)}`, false],
  ['nobody', OWNER.password, false],
  ['', '', false],
  ["ada' or 1=1 --", OWNER.password, false],
  ['ada%', OWNER.password, false],
])('%j with %j signs in: %p', async (login, password, expected) => {
  await using accounts = await openAccounts()
  expect((await getUserByPassword(accounts.db, login, password)) !== null).toBe(expected)
})

test('a password is the same however a keyboard composes its letters', async () => {
  await using accounts = await openEmptyAccounts()
  await createOwner(accounts.db, { username: 'ada', password: 'Schl\u00fcsselbund' }, NOW)
  expect(await getUserByPassword(accounts.db, 'ada', 'Schlu\u0308sselbund')).not.toBeNull()
})

test('a new password ends every other session and keeps the one it was set in', async () => {
  await using accounts = await openAccounts()
  const { db, owner, home } = accounts
  const other = await createHomeSession(db, { userId: owner.id, userAgent: '' }, NOW)
  const change = { userId: owner.id, current: OWNER.password, next: 'another long password' }
  expect(await errorCode(hashNewPassword(db, { ...change, current: 'wrong' }))).toBe('unauthorized')
  expect(await errorCode(hashNewPassword(db, { ...change, next: 'short' }))).toBe('invalid')
  const hash = await hashNewPassword(db, change)
  await inCommit(db, changePassword, { userId: owner.id, hash, keepSessionId: home.id })
  expect(await getHomeSession(db, other.secret, NOW)).toBeNull()
  expect((await listHomeSessions(db, owner.id, NOW)).map(({ id }) => id)).toEqual([home.id])
  expect(await getUserByPassword(db, 'ada', OWNER.password)).toBeNull()
  expect(await getUserByPassword(db, 'ada', change.next)).not.toBeNull()
})

test('a deleted person has no session left, and the ended app sessions are named', async () => {
  await using accounts = await openAccounts()
  const { db, owner, home } = accounts
  const handoff = {
    homeSessionId: home.id,
    userId: owner.id,
    instanceId: NOTES,
    host: 'notes.test',
    returnTo: '/',
  }
  const code = await issueHandoffCode(db, { ...handoff, challenge: digestOf('cookie') }, NOW)
  const redeemed = await inCommit(
    db,
    redeemHandoffCode,
    { code, host: 'notes.test', instanceId: NOTES, loginSecret: 'cookie' },
    NOW,
  )
  if (redeemed.kind !== 'signed-in') throw new Error(redeemed.reason)
  expect(await inCommit(db, deleteUser, owner.id)).toEqual([redeemed.session.id])
  expect(await getHomeSession(db, home.secret, NOW)).toBeNull()
})

test('the owner of the server is the person who set it up, and no later one', async () => {
  await using accounts = await openEmptyAccounts()
  const { db } = accounts
  const owner = await createOwner(db, OWNER, NOW)
  const other = await createUser(db, { username: 'grace', password: OWNER.password }, NOW)
  expect([await isServerOwner(db, owner.id), await isServerOwner(db, other.id)]).toEqual([true, false])
  await inCommit(db, deleteUser, owner.id)
  expect(await isServerOwner(db, other.id)).toBe(false)
})

test('the owner of a server that was set up by an older version is its owner still', async () => {
  const before = accountMigrations.filter(({ name }) => name < '2026-11-22')
  await using database = await openTestDatabase<SessionsTables>(before)
  const old = database.db as Kysely<object> as Kysely<Record<string, Record<string, unknown>>>
  const people = ['usr_owner', 'usr_later'].map((id, i) => ({
    id,
    username: id,
    password_hash: '',
    created_at_ms: NOW + i,
  }))
  await old.insertInto('setup').values({ only: 1, done_at_ms: NOW }).execute()
  await old.insertInto('users').values(people).execute()
  await old.destroy()
  await using db = await openDatabase<SessionsTables>(database.location, accountMigrations)
  const isOwner = (id: string) => isServerOwner(db, id as UserId)
  expect([await isOwner('usr_owner'), await isOwner('usr_later')]).toEqual([true, false])
})
