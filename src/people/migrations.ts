import { sql } from 'kysely'
import type { Migration } from '../storage/index.ts'

const TABLES = [
  // No reference to the user: deleting the owner must not reopen set-up (GHSA-rjvp-29xq-f62w).
  `create table setup (
     only integer primary key check (only = 1),
     done_at_ms integer not null
   ) strict`,
  `create table users (
     id text primary key,
     username text not null unique check (username = lower(username)),
     email text unique check (email = lower(email)),
     password_hash text not null,
     created_at_ms integer not null
   ) strict`,
  `create table home_sessions (
     id text primary key,
     user_id text not null references users (id) on delete cascade,
     secret_digest text not null unique,
     user_agent text not null,
     created_at_ms integer not null,
     last_seen_at_ms integer not null,
     expires_at_ms integer not null
   ) strict`,
  `create index home_sessions_by_user on home_sessions (user_id)`,
  // App sessions end with their session of Home.
  `create table app_sessions (
     id text primary key,
     home_session_id text not null references home_sessions (id) on delete cascade,
     user_id text not null references users (id) on delete cascade,
     instance_id text not null,
     host text not null,
     secret_digest text not null unique,
     created_at_ms integer not null,
     expires_at_ms integer not null
   ) strict`,
  `create index app_sessions_by_home_session on app_sessions (home_session_id)`,
  `create index app_sessions_by_user on app_sessions (user_id)`,
  `create index app_sessions_by_instance on app_sessions (instance_id)`,
  `create table handoff_codes (
     code_digest text primary key,
     home_session_id text not null references home_sessions (id) on delete cascade,
     user_id text not null references users (id) on delete cascade,
     instance_id text not null,
     host text not null,
     challenge text not null,
     return_to text not null,
     expires_at_ms integer not null
   ) strict`,
  `create index handoff_codes_by_home_session on handoff_codes (home_session_id)`,
  `create index handoff_codes_by_user on handoff_codes (user_id)`,
  `create table access_tokens (
     id text primary key,
     user_id text not null references users (id) on delete cascade,
     name text not null,
     secret_sealed text not null,
     created_at_ms integer not null,
     expires_at_ms integer not null,
     last_used_at_ms integer
   ) strict`,
  `create index access_tokens_by_user on access_tokens (user_id)`,
  `create table cli_logins (
     id text primary key,
     name text not null,
     poll_digest text not null,
     user_code text not null unique,
     status text not null check (status in ('pending', 'approved', 'denied')),
     user_id text references users (id) on delete cascade,
     created_at_ms integer not null,
     expires_at_ms integer not null,
     check ((status = 'approved') = (user_id is not null))
   ) strict`,
]

/** Existing tokens keep all rights and their expiry. Open logins have no known origin and must start again. */
const TOKEN_SCOPES = [
  `alter table access_tokens add column scope text not null default 'all'`,
  `alter table access_tokens add column idle_ms integer`,
  `alter table access_tokens add column ends_at_ms integer not null default 0`,
  `update access_tokens set ends_at_ms = expires_at_ms`,
  `delete from cli_logins`,
  `alter table cli_logins add column scope text not null default 'all'`,
  `alter table cli_logins add column client text not null default ''`,
  `alter table cli_logins add column network text not null default ''`,
  `create index cli_logins_by_network on cli_logins (network)`,
]

export const accountsMigrations: readonly Migration[] = [
  {
    name: '2026-11-21-accounts-create',
    up: async (db) => {
      for (const table of TABLES) await sql.raw(table).execute(db)
    },
  },
  {
    name: '2026-11-22-accounts-owner',
    up: async (db) => {
      await sql.raw('alter table setup add column owner_id text').execute(db)
      // Both rows were written in one transaction, with the same time.
      await sql
        .raw('update setup set owner_id = (select id from users where created_at_ms = done_at_ms limit 1)')
        .execute(db)
    },
  },
  {
    name: '2026-11-28-accounts-session-networks',
    up: async (db) => {
      await sql.raw(`alter table home_sessions add column network text not null default ''`).execute(db)
    },
  },
  {
    name: '2026-11-28-accounts-token-scopes',
    up: async (db) => {
      for (const step of TOKEN_SCOPES) await sql.raw(step).execute(db)
    },
  },
]
