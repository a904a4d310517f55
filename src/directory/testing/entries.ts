/** Entries as the platform would publish them, and a socket to publish them on. For tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestOf } from '../../kernel/ids.ts'
import type { DataKeyEntry, InstanceEntry, KeyEntry, MicroEntry, SessionEntry } from '../index.ts'

export const micro = (name: string, mount: string, more: Partial<MicroEntry> = {}): MicroEntry => ({
  name,
  primary: mount === '/',
  mount,
  publicRoutes: [],
  privateRoutes: [],
  apiKeys: true,
  upstream: { kind: 'process', address: null },
  ...more,
})

export const instance = (id: string, more: Partial<InstanceEntry> = {}): InstanceEntry => ({
  id,
  appName: 'Notes',
  hosts: [`${id}.cloud.test`],
  userIds: ['usr_owner'],
  internalKeyDigest: digestOf(`internal of ${id}`),
  collectionId: `collectionof${id}`,
  isDevelopment: false,
  addsRuntime: false,
  micros: [micro('web', '/')],
  ...more,
})

/** Its token is `<id>_secret`. */
export const key = (id: string, instanceId: string, more: Partial<KeyEntry> = {}): KeyEntry => ({
  id: `key_${id}`,
  name: `name of ${id}`,
  digest: digestOf(`${id}_secret`),
  instanceId,
  micros: null,
  methods: null,
  paths: null,
  expiresAtMs: null,
  ...more,
})

/** Its value is `<collectionId>_secret<id>`. */
export const dataKey = (
  id: string,
  collectionId: string,
  more: Partial<DataKeyEntry> = {},
): DataKeyEntry => ({
  id: `dkey_${id}`,
  digest: digestOf(`${collectionId}_secret${id}`),
  collectionId,
  mayWrite: true,
  bases: null,
  drives: null,
  expiresAtMs: null,
  ...more,
})

/** Its token is `secret of <id>`. */
export const session = (id: string, instanceId: string, more: Partial<SessionEntry> = {}): SessionEntry => ({
  id: `ses_${id}`,
  digest: digestOf(`secret of ${id}`),
  instanceId,
  userId: 'usr_owner',
  expiresAtMs: Number.MAX_SAFE_INTEGER,
  ...more,
})

/** A path for a socket in a folder of its own, which is removed at the end. */
export function temporarySocket(): Disposable & { readonly path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'directory-'))
  return { path: join(folder, 'control.sock'), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
}
