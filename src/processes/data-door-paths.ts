import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ServerConfig } from '../config/index.ts'
import type { SandboxDoorOptions } from '../data/index.ts'
import { DATA_DOOR_GROUP } from '../kernel/host-ids.ts'
import { leafFilesOf } from '../tls/index.ts'

export const DOOR_FOLDERS = '/run'
export const DOOR_PREFIX = 'ownspace-data-'

/** Of the authority that sandboxes trust, and of the leaf. */
export const authorityFolder = ({ dataDir }: Pick<ServerConfig, 'dataDir'>): string =>
  join(dataDir, 'authority')

/**
 * The folder of the socket and the files that sandboxes may use. A server that runs as root gives each sandbox its own
 * user, who cannot enter the data folder; only root can make a folder in /run.
 */
export function doorFolder({ dataDir, runDir }: Pick<ServerConfig, 'dataDir' | 'runDir'>): string {
  if (!isRoot()) return runDir
  return join(DOOR_FOLDERS, DOOR_PREFIX + createHash('sha256').update(dataDir).digest('hex').slice(0, 12))
}

export const isRoot = (): boolean => process.getuid?.() === 0

/** For the data process: where it listens for sandboxes. The key of a call decides, not its connection. */
export const sandboxDoorOf = (config: ServerConfig): SandboxDoorOptions => ({
  socketPath: join(doorFolder(config), 'inside.sock'),
  ...(isRoot() ? { mode: 0o660, group: DATA_DOOR_GROUP } : { mode: 0o600 }),
  leaf: leafFilesOf(authorityFolder(config)),
})
