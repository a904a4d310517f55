import type { Database } from '../../storage/index.ts'
import { newId, type UserId } from '../../kernel/ids.ts'
import type { PeopleTables } from '../schema.ts'
import type { User } from '../users.ts'

export interface NewPerson {
  readonly username: string
  readonly password: string
  readonly email?: string | null
}

/** A stored hash names its own cost, so a password that was hashed cheaply is checked cheaply as well. */
const CHEAPEST = { algorithm: 'argon2id', memoryCost: 8, timeCost: 1 } as const

/** Writes what `createUser` writes, without the time that hashing a password takes there. For tests. */
export async function insertPerson(
  db: Database<PeopleTables>,
  { username, password, email = null }: NewPerson,
  nowMs: number,
): Promise<User> {
  const user = { id: newId<UserId>('usr'), username, email }
  const hash = await Bun.password.hash(password.normalize('NFKC'), CHEAPEST)
  await db
    .insertInto('users')
    .values({ ...user, password_hash: hash, created_at_ms: nowMs })
    .execute()
  return user
}

/** Writes what `createOwner` writes. For tests. */
export async function insertOwner(
  db: Database<PeopleTables>,
  person: NewPerson,
  nowMs: number,
): Promise<User> {
  const owner = await insertPerson(db, person, nowMs)
  await db.insertInto('setup').values({ only: 1, done_at_ms: nowMs, owner_id: owner.id }).execute()
  return owner
}
