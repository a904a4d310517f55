import { chmod, rm } from 'node:fs/promises'
import http from 'node:http'
import type { Api } from './create-api.ts'
import { type ApiLimits, apiLimits } from './api-limits.ts'

/**
 * No idle timeout, for slow uploads and for logs without new lines: the gateway bounds its clients. Bun's types declare this
 * option for TCP only, but Bun closes an idle unix socket after ten seconds as well.
 */
const UNTIMED: object = { idleTimeout: 0 }

/**
 * The longest request head that a gateway can be configured to accept (256 kB), plus the target and the body of a GET,
 * which the gateway repeats in headers. Bun's default is 16 kB, which a page of an app can fill with cookies; Bun reads the
 * limit from the whole process only.
 */
const MAX_HEAD_BYTES = 655_360

/**
 * Listens for gateways on a unix socket of mode 0600, in a folder of mode 0700. Replaces the socket that an earlier server
 * left. Disposing closes open connections.
 */
export async function listenForGateways(
  socketPath: string,
  api: Api,
  bounds?: Partial<ApiLimits>,
): Promise<AsyncDisposable> {
  await rm(socketPath, { force: true })
  Object.assign(http, { maxHeaderSize: MAX_HEAD_BYTES })
  const server = Bun.serve({
    unix: socketPath,
    fetch: api.fetch,
    ...UNTIMED,
    // Each call has its own, lower limit.
    maxRequestBodySize: 2 * apiLimits({ bounds }).archiveBytes,
  })
  await chmod(socketPath, 0o600)
  return {
    async [Symbol.asyncDispose]() {
      await server.stop(true)
      await rm(socketPath, { force: true })
    },
  }
}
