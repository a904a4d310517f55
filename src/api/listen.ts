import { chmod, rm } from 'node:fs/promises'
import { ARCHIVE_MAX_BYTES } from '../contract/index.ts'
import type { Platform } from './create-api.ts'

/**
 * Slow uploads, and logs that are silent for a while: the gateway bounds its clients. Bun's types know this option for
 * TCP only, but without it a unix socket is cut after ten silent seconds as well.
 */
const UNTIMED: object = { idleTimeout: 0 }

/**
 * Listens for gateways on a unix socket of mode 0600, in a folder that is ours alone; what an ended server left there is
 * replaced. Disposing ends open connections.
 */
export async function listenForGateways(socketPath: string, platform: Platform): Promise<AsyncDisposable> {
  await rm(socketPath, { force: true })
  const server = Bun.serve({
    unix: socketPath,
    fetch: platform.fetch,
    ...UNTIMED,
    // Every call has a bound of its own; this one is only above all of them.
    maxRequestBodySize: 2 * ARCHIVE_MAX_BYTES,
  })
  await chmod(socketPath, 0o600)
  return {
    async [Symbol.asyncDispose]() {
      await server.stop(true)
      await rm(socketPath, { force: true })
    },
  }
}
