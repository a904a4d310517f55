import { type Kysely, sql } from 'kysely'
import { type Migration, createTable } from '../../storage/index.ts'

const createHomeSessions = (db: Kysely<unknown>) =>
  createTable(db, 'home_sessions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('secret_digest', 'text', (c) => c.notNull().unique())
    .addColumn('user_agent', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .addColumn('last_seen_at_ms', 'integer', (c) => c.notNull())
    .addColumn('expires_at_ms', 'integer', (c) => c.notNull())
    .execute()

/** What grew from a session of Home ends with it. */
const createAppSessions = (db: Kysely<unknown>) =>
  createTable(db, 'app_sessions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('home_session_id', 'text', (c) =>
      c.notNull().references('home_sessions.id').onDelete('cascade'),
    )
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('instance_id', 'text', (c) => c.notNull())
    .addColumn('host', 'text', (c) => c.notNull())
    .addColumn('secret_digest', 'text', (c) => c.notNull().unique())
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .addColumn('expires_at_ms', 'integer', (c) => c.notNull())
    .execute()

const createHandoffCodes = (db: Kysely<unknown>) =>
  createTable(db, 'handoff_codes')
    .addColumn('code_digest', 'text', (c) => c.primaryKey())
    .addColumn('home_session_id', 'text', (c) =>
      c.notNull().references('home_sessions.id').onDelete('cascade'),
    )
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('instance_id', 'text', (c) => c.notNull())
    .addColumn('host', 'text', (c) => c.notNull())
    .addColumn('challenge', 'text', (c) => c.notNull())
    .addColumn('return_to', 'text', (c) => c.notNull())
    .addColumn('expires_at_ms', 'integer', (c) => c.notNull())
    .execute()

const createAccessTokens = (db: Kysely<unknown>) =>
  createTable(db, 'access_tokens')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('user_id', 'text', (c) => c.notNull().references('users.id').onDelete('cascade'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('secret_sealed', 'text', (c) => c.notNull())
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .addColumn('expires_at_ms', 'integer', (c) => c.notNull())
    .addColumn('last_used_at_ms', 'integer')
    .execute()

const createCliLogins = (db: Kysely<unknown>) =>
  createTable(db, 'cli_logins')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('poll_digest', 'text', (c) => c.notNull())
    .addColumn('user_code', 'text', (c) => c.notNull().unique())
    .addColumn('status', 'text', (c) => c.notNull().check(sql`status in ('pending', 'approved', 'denied')`))
    .addColumn('user_id', 'text', (c) => c.references('users.id').onDelete('cascade'))
    .addColumn('created_at_ms', 'integer', (c) => c.notNull())
    .addColumn('expires_at_ms', 'integer', (c) => c.notNull())
    .addCheckConstraint('cli_logins_answered', sql`(status = 'approved') = (user_id is not null)`)
    .execute()

export const create: Migration = {
  name: '2026-11-21-sessions-create',
  recordedAs: '2026-11-21-accounts-create',
  up: async (db) => {
    await createHomeSessions(db)
    await db.schema.createIndex('home_sessions_by_user').on('home_sessions').column('user_id').execute()
    await createAppSessions(db)
    await db.schema
      .createIndex('app_sessions_by_home_session')
      .on('app_sessions')
      .column('home_session_id')
      .execute()
    await db.schema.createIndex('app_sessions_by_user').on('app_sessions').column('user_id').execute()
    await db.schema.createIndex('app_sessions_by_instance').on('app_sessions').column('instance_id').execute()
    await createHandoffCodes(db)
    await db.schema
      .createIndex('handoff_codes_by_home_session')
      .on('handoff_codes')
      .column('home_session_id')
      .execute()
    await db.schema.createIndex('handoff_codes_by_user').on('handoff_codes').column('user_id').execute()
    await createAccessTokens(db)
    await db.schema.createIndex('access_tokens_by_user').on('access_tokens').column('user_id').execute()
    await createCliLogins(db)
  },
}
