import { type Database, transaction } from '../storage/index.ts'
import { conflict, notFound, unauthorized } from '../kernel/http-error.ts'
import { newId, type UserId } from '../kernel/ids.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { parsePerson, type Person } from './validate-person.ts'
import type { AccountsTables } from './schema.ts'

export interface User {
  readonly id: UserId
  readonly username: string
  readonly email: string | null
}

type Accounts = Database<AccountsTables>
type NewPerson = Parameters<typeof parsePerson>[0]

/** Whether there is, or was, an owner. */
export async function isSetUp(db: Accounts): Promise<boolean> {
  return (await db.selectFrom('setup').select('only').executeTakeFirst()) !== undefined
}

/** Whether this person set the server up. After their deletion, no other person takes this role. */
export async function isServerOwner(db: Accounts, id: UserId): Promise<boolean> {
  const row = db.selectFrom('setup').select('owner_id').where('owner_id', '=', id)
  return (await row.executeTakeFirst()) !== undefined
}

/** Whether more than one person has an account. */
export async function hasSeveralPeople(db: Accounts): Promise<boolean> {
  return (await db.selectFrom('users').select('id').limit(2).execute()).length > 1
}

/**
 * Creates the first person and closes set-up permanently, in one transaction: of two simultaneous calls, one succeeds.
 * The caller has checked the set-up code (`SetupCode`). Throws `invalid` for invalid input, `conflict` if there is, or
 * was, an owner.
 */
export async function createOwner(db: Accounts, input: NewPerson, nowMs: number): Promise<User> {
  const person = parsePerson(input)
  // Before hashing, so that calls after set-up cost nothing. The insertion below decides.
  if (await isSetUp(db)) throw conflict('This server already has an owner.')
  const hash = await hashPassword(person.password)
  return transaction(db, async (trx) => {
    const setup = trx.insertInto('setup').values({ only: 1, done_at_ms: nowMs })
    const { numInsertedOrUpdatedRows } = await setup
      .onConflict((c) => c.doNothing())
      .executeTakeFirstOrThrow()
    if (numInsertedOrUpdatedRows === 0n) throw conflict('This server already has an owner.')
    const owner = await insertUser(trx, person, hash, nowMs)
    await trx.updateTable('setup').set({ owner_id: owner.id }).execute()
    return owner
  })
}

/** Adds a person. Throws `invalid` for invalid input, `conflict` if the name or address is taken. */
export async function createUser(db: Accounts, input: NewPerson, nowMs: number): Promise<User> {
  const person = parsePerson(input)
  return insertUser(db, person, await hashPassword(person.password), nowMs)
}

async function insertUser(db: Accounts, person: Person, hash: string, nowMs: number): Promise<User> {
  const user = { id: newId<UserId>('usr'), username: person.username, email: person.email }
  const row = { ...user, password_hash: hash, created_at_ms: nowMs }
  const insert = db
    .insertInto('users')
    .values(row)
    .onConflict((c) => c.doNothing())
  const { numInsertedOrUpdatedRows } = await insert.executeTakeFirstOrThrow()
  if (numInsertedOrUpdatedRows === 0n) throw conflict('That username or e-mail address is taken.')
  return user
}

/** Null after the person's deletion. */
export async function getUser(db: Accounts, id: UserId): Promise<User | null> {
  const user = db.selectFrom('users').select(['id', 'username', 'email']).where('id', '=', id)
  return (await user.executeTakeFirst()) ?? null
}

/**
 * The person whose username or e-mail address is `login` (a username has no `@`, so it is never both), or null.
 * An unknown name takes as long as a wrong password. Called by `logIn`, which limits attempts.
 */
export async function getUserByPassword(db: Accounts, login: string, password: string): Promise<User | null> {
  const column = login.includes('@') ? 'email' : 'username'
  const row = await db
    .selectFrom('users')
    .select(['id', 'username', 'email', 'password_hash'])
    .where(column, '=', login.toLowerCase())
    .executeTakeFirst()
  if (!(await isPassword(password, row?.password_hash)) || !row) return null
  return { id: row.id, username: row.username, email: row.email }
}

/**
 * Checks a change of password and returns the hash to store. Throws `unauthorized` if `current` is wrong, `invalid` if
 * `next` is not a valid password. Not in a transaction: hashing is slow, and the database has one connection.
 */
export async function hashNewPassword(
  db: Accounts,
  change: { userId: UserId; current: string; next: string },
): Promise<string> {
  const user = await getUser(db, change.userId)
  if (!user) throw notFound('This account does not exist.')
  if (!(await getUserByPassword(db, user.username, change.current)))
    throw unauthorized('The current password is wrong.')
  const { password } = parsePerson({ ...user, password: change.next })
  return hashPassword(password)
}

/** Part of `changePassword` in sessions/, which ends the other sessions as well. */
export async function storePasswordHash(trx: Accounts, id: UserId, hash: string): Promise<void> {
  await trx.updateTable('users').set({ password_hash: hash }).where('id', '=', id).execute()
}

/** Part of `deleteUser` in sessions/, which ends the sessions as well. Set-up stays closed. */
export async function deleteUserRow(trx: Accounts, id: UserId): Promise<void> {
  await trx.deleteFrom('users').where('id', '=', id).execute()
}
