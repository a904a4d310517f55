import { randomBytes } from 'node:crypto'
import { createSealer } from '../../storage/sealer.ts'
import type { Database, Sealer } from '../../storage/index.ts'
import { openTestDatabase } from '../../storage/testing/test-database.ts'
import { type User, peopleMigrations } from '../../people/index.ts'
import { insertOwner } from '../../people/testing/insert-person.ts'
import { sessionsMigrations } from '../migrations/index.ts'
import type { InstanceId, SessionId } from '../../kernel/ids.ts'
import { createHomeSession } from '../home-sessions.ts'
import { createLimits, type Limits } from '../rate-limiters.ts'
import type { SessionsTables } from '../schema.ts'

/** Real accounts in a temporary folder, for tests: an owner who is signed in at Home. */
export interface TestAccounts extends AsyncDisposable {
  readonly db: Database<SessionsTables>
  readonly sealer: Sealer
  readonly limits: Limits
  readonly owner: User
  readonly home: { readonly id: SessionId; readonly secret: string }
}

export const OWNER = { username: 'ada', email: 'ada@example.org', password: 'correct horse battery' }
export const NOW = Date.UTC(2026, 10, 21, 12)
export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS
export const DAY_MS = 24 * 60 * MINUTE_MS
export const NOTES = 'inst_notes' as InstanceId

export const accountMigrations = [...peopleMigrations, ...sessionsMigrations]

export async function openEmptyAccounts(): Promise<Omit<TestAccounts, 'owner' | 'home'>> {
  const database = await openTestDatabase<SessionsTables>(accountMigrations)
  return {
    db: database.db,
    sealer: createSealer(randomBytes(32)),
    limits: createLimits(0),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

export async function openAccounts(): Promise<TestAccounts> {
  const accounts = await openEmptyAccounts()
  const owner = await insertOwner(accounts.db, OWNER, NOW)
  const home = await createHomeSession(accounts.db, { userId: owner.id, userAgent: '' }, NOW)
  return { ...accounts, owner, home }
}

/** The code of the HttpError of `work`, or `undefined` if it succeeds. */
export async function errorCode(work: Promise<unknown>): Promise<string | undefined> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error === undefined) return undefined
  return (error as { code?: string }).code ?? String(error)
}
