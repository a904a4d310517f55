import type { Migration } from '../../storage/index.ts'

const COLUMNS = [
  ['micros', 'text'],
  ['methods', 'text'],
  ['paths', 'text'],
  ['expires_at_ms', 'integer'],
  ['per_minute', 'integer'],
  ['rotated_at_ms', 'integer'],
] as const

export const scopes: Migration = {
  name: '2026-11-22-keys-scopes',
  recordedAs: '2026-11-22-apps-access',
  up: async (db) => {
    for (const [name, type] of COLUMNS) await db.schema.alterTable('api_keys').addColumn(name, type).execute()
  },
}
