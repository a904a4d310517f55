import { sql } from 'kysely'
import type { Migration } from '../storage/index.ts'

const TABLES = [
  `create table apps (
     id text primary key,
     owner_id text not null,
     name text not null,
     alias text not null,
     created_at_ms integer not null
   ) strict`,
  `create index apps_by_owner on apps (owner_id)`,
  `create table builds (
     id text primary key,
     app_id text not null references apps (id) on delete cascade,
     tag text not null,
     status text not null,
     failure text,
     auto_pwa integer not null,
     icon_type text,
     micros text,
     created_at_ms integer not null
   ) strict`,
  // A tag names one revision; one whose build failed is free again.
  `create unique index builds_by_tag on builds (app_id, tag) where status in ('pending', 'running', 'complete')`,
  `create table releases (
     id text primary key,
     app_id text not null references apps (id) on delete cascade,
     build_id text not null references builds (id) on delete cascade,
     channel text not null,
     version text not null,
     status text not null,
     failure text,
     created_at_ms integer not null
   ) strict`,
  `create index releases_by_build on releases (build_id)`,
  `create table installations (
     id text primary key,
     app_id text not null references apps (id) on delete cascade,
     release_id text not null references releases (id) on delete cascade,
     instance_id text not null,
     status text not null,
     failure text,
     created_at_ms integer not null
   ) strict`,
  `create index installations_by_release on installations (release_id)`,
  // No cascade to instances: a revision that serves cannot be removed by mistake.
  `create table instances (
     id text primary key,
     app_id text not null references apps (id),
     owner_id text not null,
     build_id text not null references builds (id),
     release_id text not null references releases (id),
     channel text not null,
     alias text not null unique,
     internal_key_sealed text not null,
     internal_key_digest text not null,
     data_key_sealed text not null,
     created_at_ms integer not null,
     updated_at_ms integer not null
   ) strict`,
  `create unique index instances_by_app on instances (app_id) where channel = 'development'`,
  `create index instances_by_owner on instances (owner_id)`,
  `create table env_values (
     instance_id text not null references instances (id) on delete cascade,
     micro text not null,
     name text not null,
     value_sealed text not null,
     primary key (instance_id, micro, name)
   ) strict`,
  `create table api_keys (
     id text primary key,
     instance_id text not null references instances (id) on delete cascade,
     name text not null,
     digest text not null,
     created_at_ms integer not null
   ) strict`,
  `create index api_keys_by_instance on api_keys (instance_id)`,
]

/** Who may reach what, said beyond the Spacefile, and what was used. */
const ACCESS = [
  `alter table builds add column exposure text`,
  `alter table api_keys add column micros text`,
  `alter table api_keys add column methods text`,
  `alter table api_keys add column paths text`,
  `alter table api_keys add column expires_at_ms integer`,
  `alter table api_keys add column per_minute integer`,
  `alter table api_keys add column rotated_at_ms integer`,
  `create table access_overrides (
     instance_id text not null references instances (id) on delete cascade,
     position integer not null,
     micro text not null,
     kind text not null check (kind in ('close', 'private')),
     pattern text not null,
     primary key (instance_id, position)
   ) strict`,
  `create table exposed_rules (
     instance_id text not null references instances (id) on delete cascade,
     micro text not null,
     pattern text not null,
     since_ms integer not null,
     primary key (instance_id, micro, pattern)
   ) strict, without rowid`,
  `create table uses (
     instance_id text not null references instances (id) on delete cascade,
     kind text not null check (kind in ('rule', 'key', 'session')),
     ref text not null,
     day integer not null,
     count integer not null,
     last_at_ms integer not null,
     primary key (instance_id, kind, ref, day)
   ) strict, without rowid`,
  `create index uses_by_day on uses (day)`,
  `create table server_secrets (
     name text primary key,
     value_sealed text not null
   ) strict`,
]

const DOMAINS = [
  `create table domains (
     id text primary key,
     instance_id text not null references instances (id) on delete cascade,
     name text not null,
     token text not null,
     status text not null check (status in ('pending', 'active')),
     proof text check (proof in ('dns', 'owner')),
     finding text,
     created_at_ms integer not null,
     checked_at_ms integer,
     next_check_at_ms integer,
     active_at_ms integer,
     unique (instance_id, name)
   ) strict`,
  // Whatever else goes wrong, a host never leads to two apps.
  `create unique index domains_active on domains (name) where status = 'active'`,
  `create index domains_due on domains (next_check_at_ms) where next_check_at_ms is not null`,
]

/** Ids of rows that were deleted and may have files left: no other file without a row is ever deleted. */
const ERASURES = `create table erasures (id text primary key) strict, without rowid`

export const appsMigrations: readonly Migration[] = [
  {
    name: '2026-11-21-apps-create',
    up: async (db) => {
      for (const statement of TABLES) await sql.raw(statement).execute(db)
    },
  },
  {
    name: '2026-11-22-apps-access',
    up: async (db) => {
      for (const statement of ACCESS) await sql.raw(statement).execute(db)
    },
  },
  {
    name: '2026-11-22-apps-domains',
    up: async (db) => {
      for (const statement of DOMAINS) await sql.raw(statement).execute(db)
    },
  },
  {
    name: '2026-11-23-apps-erasures',
    up: async (db) => {
      await sql.raw(ERASURES).execute(db)
    },
  },
  {
    name: '2026-11-28-apps-key-origins',
    up: async (db) => {
      await sql.raw('alter table api_keys add column origins text').execute(db)
    },
  },
]
