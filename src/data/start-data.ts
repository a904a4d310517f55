import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../kernel/log.ts'
import type { CertificateFiles } from '../tls/index.ts'
import { CallServer, type DataKeys } from './calls/call-server.ts'
import { CollectionFolders } from './collection-folders.ts'
import { createGatewayDoor } from './doors/gateway-door.ts'
import { createKeyedCalls } from './doors/keyed-calls.ts'
import { type Door, openDoor } from './doors/listen.ts'
import { createPlatformDoor } from './doors/platform-door.ts'
import { createSandboxDoor } from './doors/sandbox-door.ts'
import { SandboxListener } from './doors/sandbox-listener.ts'
import { DATA_LIMITS, type DataLimits } from './limits.ts'
import type { Places } from './places.ts'
import type { DataServices } from './services.ts'

export interface DataOptions {
  readonly services: DataServices
  readonly keys: DataKeys
  /** Has one folder for each collection. */
  readonly collectionsDir: string
  /** Null: collections have one place only. */
  readonly places?: Places | null
  /** Of the sockets for gateways and the platform. */
  readonly runDir: string
  /** Null: no sandbox of this server can reach its data. */
  readonly sandboxes: SandboxDoorOptions | null
  readonly limits?: Partial<DataLimits>
  readonly log: Logger
  readonly now?: () => number
}

export interface SandboxDoorOptions {
  readonly socketPath: string
  readonly mode: number
  /** Of relays, where each sandbox has its own user. */
  readonly group?: number
  readonly leaf: CertificateFiles
}

export const GATEWAY_SOCKET = 'data.sock'
export const PLATFORM_SOCKET = 'data-admin.sock'

/** Calls of apps may pause between two octets: an upload by a slow client, a page of a query that waits for the disk. */
const IDLE_SECONDS = 120

/** Opens all doors. Disposing lets calls under way finish, within a bound. */
export async function startData(options: DataOptions): Promise<AsyncDisposable> {
  const { services, keys, runDir, sandboxes, log, now = Date.now } = options
  const limits = { ...DATA_LIMITS, ...options.limits }
  const folders = new CollectionFolders(options.collectionsDir, services, options.places ?? null)
  const calls = new CallServer({ services, keys, folders, limits, now })
  const serveKeyed = createKeyedCalls({ calls, keys, limits, now })
  await mkdir(options.collectionsDir, { recursive: true, mode: 0o700 })

  // Gateways and the platform bound their clients by themselves.
  const own = { mode: 0o600, idleSeconds: 0 }
  const doors: Door[] = [
    await openDoor({
      ...own,
      socketPath: join(runDir, GATEWAY_SOCKET),
      fetch: createGatewayDoor(calls, serveKeyed),
    }),
    await openDoor({
      ...own,
      socketPath: join(runDir, PLATFORM_SOCKET),
      fetch: createPlatformDoor(calls, folders, log),
    }),
  ]
  if (sandboxes !== null) {
    const listener = new SandboxListener({
      ...sandboxes,
      fetch: createSandboxDoor(serveKeyed),
      idleSeconds: IDLE_SECONDS,
      log,
    })
    await listener.opened
    doors.push(listener)
  }
  return {
    async [Symbol.asyncDispose]() {
      await allWithin(
        doors.map((door) => door.drain()),
        limits.drainMs,
      )
      await Promise.all(doors.map((door) => door.close()))
      calls[Symbol.dispose]()
    },
  }
}

function allWithin(work: readonly Promise<void>[], limitMs: number): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, limitMs)
  return Promise.race([Promise.all(work), promise]).finally(() => clearTimeout(timer))
}
