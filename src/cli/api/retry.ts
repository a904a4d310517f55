import type { CliError } from '../failure.ts'
import type { Patience } from './patience.ts'
import type { Server } from './server.ts'

/** A server that restarts is asked this often. */
const OUTAGE_RETRY_MS = 1_000

/** One attempt at a request that failed. `response` is null when no answer came. */
export interface FailedAttempt {
  readonly error: CliError
  readonly response: Response | null
}

/**
 * Waits when the request may be sent again; false: report the failure. A request that the server may have carried out
 * (the connection broke, or the gateway lost the control process) is only sent again when that makes no difference.
 */
export async function mayRetry(
  { server, patience }: { readonly server: Server; readonly patience: Patience },
  { error, response }: FailedAttempt,
  isRepeatable: boolean,
): Promise<boolean> {
  const limitedForMs = response?.status === 429 ? retryAfterMs(response) : null
  if (limitedForMs !== null)
    return await patience.wait(`${error.message} (waiting ${limitedForMs / 1000} s)`, limitedForMs)
  const wasSent = error.code !== 'no_server'
  if (!isOutage(error) || (wasSent && !isRepeatable)) return false
  return await patience.wait(outageNotice(server.origin), OUTAGE_RETRY_MS)
}

/** Said once per outage, so without a cause that changes from attempt to attempt. */
const outageNotice = (origin: string) => `${origin} does not answer; waiting for it to come back`

/** The server, or a proxy in front of it, cannot answer now, and may in a moment. */
export const isOutage = ({ code }: CliError): boolean =>
  code === 'no_server' || code === 'connection_lost' || code === 'unavailable'

/** Null without `Retry-After` in seconds: then the server does not expect another attempt. */
function retryAfterMs(response: Response): number | null {
  const value = response.headers.get('retry-after') ?? ''
  return /^\d{1,5}$/.test(value) ? Math.max(1, Number(value)) * 1000 : null
}
