import { chmod, rm } from 'node:fs/promises'
import http from 'node:http'
import type { Platform } from './create-api.ts'
import { type PlatformLimits, platformLimits } from './platform-limits.ts'

/**
 * Slow uploads, and logs that are silent for a while: the gateway bounds its clients. Bun's types know this option for
 * TCP only, but without it a unix socket is cut after ten silent seconds as well.
 */
const UNTIMED: object = { idleTimeout: 0 }

/**
 * The longest head that a gateway can be set to take (256 kB), with its target and the body of a GET once more in headers.
 * Bun's own bound is 16 kB, which a page of an app can fill with cookies; it can be set for the whole process only.
 */
const MAX_HEAD_BYTES = 655_360

/**
 * Listens for gateways on a unix socket of mode 0600, in a folder that is ours alone; what an ended server left there is
 * replaced. Disposing ends open connections.
 */
export async function listenForGateways(
  socketPath: string,
  platform: Platform,
  bounds?: Partial<PlatformLimits>,
): Promise<AsyncDisposable> {
  await rm(socketPath, { force: true })
  Object.assign(http, { maxHeaderSize: MAX_HEAD_BYTES })
  const server = Bun.serve({
    unix: socketPath,
    fetch: platform.fetch,
    ...UNTIMED,
    // Every call has a bound of its own; this one is only above all of them.
    maxRequestBodySize: 2 * platformLimits({ bounds }).archiveBytes,
  })
  await chmod(socketPath, 0o600)
  return {
    async [Symbol.asyncDispose]() {
      await server.stop(true)
      await rm(socketPath, { force: true })
    },
  }
}
