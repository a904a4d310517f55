import { dataError } from '../../data-protocol/index.ts'
import type { Soon } from '../../kernel/soon.ts'
import { chmod, chown, rename, rm } from 'node:fs/promises'
import http from 'node:http'

export interface DoorOptions {
  readonly socketPath: string
  readonly mode: number
  /** As root: whose members may connect, as far as `mode` says. */
  readonly group?: number
  readonly fetch: (request: Request) => Soon<Response>
  /** PEM. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Seconds without an octet, after which a connection is closed; 0: never. */
  readonly idleSeconds: number
}

export interface Door {
  /** Accepts no new connections, and resolves when the calls under way have ended. */
  drain(): Promise<void>
  /** Also ends open connections, and removes the socket. */
  close(): Promise<void>
}

/** A gateway may be configured to accept heads of 256 kB, and repeats the target. Bun reads the limit from the process. */
const MAX_HEAD_BYTES = 655_360

/**
 * Listens on a unix socket. A socket at the same path, of an earlier process or with an earlier certificate, is replaced in
 * one step: there is no moment at which a connection is refused.
 */
export async function openDoor({
  socketPath,
  mode,
  group,
  fetch,
  tls,
  idleSeconds,
}: DoorOptions): Promise<Door> {
  Object.assign(http, { maxHeaderSize: MAX_HEAD_BYTES })
  const draft = `${socketPath}.${process.pid}`
  await rm(draft, { force: true })
  // Bun's types declare the timeout for TCP only.
  const timeout: object = { idleTimeout: idleSeconds }
  const server = Bun.serve({
    unix: draft,
    fetch,
    // Bun would refuse larger bodies without a text. CallServer bounds them; what no handler reads waits in the socket.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    tls,
    development: false,
    // A defect of ours. Bun prints it; the client learns nothing of it.
    error: () => dataError(500, 'Internal error'),
    ...timeout,
  })
  if (group !== undefined) await chown(draft, 0, group)
  await chmod(draft, mode)
  await rename(draft, socketPath)
  return {
    drain: () => server.stop(),
    async close() {
      await server.stop(true)
      // Bun knows the socket by its first name.
      await rm(socketPath, { force: true })
    },
  }
}
