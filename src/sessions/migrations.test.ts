/** Folders that an older version wrote, opened by this one. */
import { createHmac, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'bun:test'
import { openDatabase } from '../storage/database.ts'
import { createSealer } from '../storage/sealer.ts'
import type { UserId } from '../kernel/ids.ts'
import {
  type SessionsTables,
  isAccessToken,
  listAccessTokens,
  createLimits,
  verifySignedRequest,
} from './index.ts'
import { tokenRow } from './access-tokens.ts'
import { DAY_MS, NOW, accountMigrations } from './testing/test-accounts.ts'

const before = (name: string) => accountMigrations.filter((migration) => migration.name < name)

/** The file of a version without the migration `name` and those after it. */
function openOlder(name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-older-'))
  const path = join(folder, 'ownspace.db')
  return {
    path,
    // eslint-disable-next-line typescript/no-explicit-any -- the schema of its day
    old: openDatabase<any>(path, before(name)),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

const USER = 'usr_ada' as UserId
const SECRET = 'x'.repeat(32)

test('a token from before scopes keeps all rights and its end, however it is used', async () => {
  using older = openOlder('2026-11-28')
  const sealer = createSealer(randomBytes(32))
  const old = await older.old
  await old
    .insertInto('users')
    .values({ id: USER, username: 'ada', email: null, password_hash: '', created_at_ms: NOW })
    .execute()
  const token = {
    id: 'abcdefgh',
    user_id: USER,
    name: 'ci',
    secret_sealed: sealer.seal(SECRET, tokenRow('abcdefgh')),
    created_at_ms: NOW,
    expires_at_ms: NOW + 300 * DAY_MS,
    last_used_at_ms: null,
  }
  await old.insertInto('access_tokens').values(token).execute()
  const login = {
    id: 'cli_1',
    name: 'x',
    poll_digest: 'd',
    user_code: 'BBBB-BBBB',
    status: 'pending',
    user_id: null,
    created_at_ms: NOW,
    expires_at_ms: NOW + DAY_MS,
  }
  await old.insertInto('cli_logins').values(login).execute()
  await old.destroy()

  await using db = await openDatabase<SessionsTables>(older.path, accountMigrations)
  const at = NOW + 100 * DAY_MS
  const signed = { method: 'GET', rawTarget: '/api/v0/space', timestamp: String(at / 1_000), contentType: '' }
  const text = `GET\n/api/v0/space\n${signed.timestamp}\n\n\n`
  const signature = createHmac('sha256', SECRET).update(text).digest('hex')
  const request = { ...signed, body: new Uint8Array(), signatureHeader: `v0=abcdefgh:${signature}` }
  const verdict = await verifySignedRequest(db, { sealer, limits: createLimits(0) }, request, () => at)
  expect(verdict).toEqual({ kind: 'valid', userId: USER, tokenId: 'abcdefgh', scope: 'all' })
  const end = { expiresAtMs: token.expires_at_ms, endsAtMs: token.expires_at_ms }
  expect(await listAccessTokens(db, USER, at)).toMatchObject([{ scope: 'all', ...end, lastUsedAtMs: at }])
  expect(await isAccessToken(db, 'abcdefgh', token.expires_at_ms)).toBe(false)
  expect(await db.selectFrom('cli_logins').selectAll().execute()).toEqual([])
})
