import type { Address } from '../../wire/index.ts'
import type { GatewayContext } from '../context.ts'
import type { UpstreamFailure } from './failure.ts'
import type { UpstreamConnection } from './upstream-connection.ts'
import { addressOf, type Upstream } from './upstream.ts'
import { withTimeout } from './with-timeout.ts'

export type Opened =
  | { readonly kind: 'open'; readonly connection: UpstreamConnection }
  | { readonly kind: 'failed'; readonly failure: UpstreamFailure }
  /** The request ended before there was a connection. */
  | { readonly kind: 'unwanted' }

export interface OpenOptions {
  readonly upstream: Upstream
  readonly context: GatewayContext
  /** Whether the request still waits. */
  readonly isWanted: () => boolean
  /** Whether waking may fail as `waking` after `wakePageMs`, so that a page can say so. Asked only before waking. */
  readonly mayShowWakePage: () => boolean
}

const UNWANTED: Opened = { kind: 'unwanted' }
const failed = (failure: UpstreamFailure): Opened => ({ kind: 'failed', failure })

/** Opens a connection to `known`; to the address that waking gives when there is none, or no process is there any more. */
export async function openUpstream(known: Address | null, options: OpenOptions): Promise<Opened> {
  const { upstream, context, isWanted } = options
  const address = known ?? (await wake(options))
  if (!isWanted()) return UNWANTED
  if ('failure' in address) return address
  try {
    const connection = await context.pool.connect(address)
    if (isWanted()) return { kind: 'open', connection }
    connection.abandon()
    return UNWANTED
  } catch (error) {
    // The process may have just died: the platform knows, and starts it again.
    const mayWake = known !== null && upstream.wake !== null && isWanted()
    if (mayWake) return openUpstream(null, options)
    return failed({ kind: 'unreachable', code: (error as { code?: string }).code ?? 'unknown' })
  }
}

async function wake({
  upstream,
  context,
  mayShowWakePage,
}: OpenOptions): Promise<Address | Extract<Opened, { kind: 'failed' }>> {
  if (upstream.wake === null) throw new Error('an upstream without an address cannot be woken')
  const waking = upstream.wake()
  const result = await (mayShowWakePage() ? withTimeout(waking, context.limits.wakePageMs) : waking)
  if (result === null) return { kind: 'failed', failure: { kind: 'waking' } }
  return result.kind === 'ready'
    ? addressOf(result.address)
    : { kind: 'failed', failure: { kind: 'not-woken', result } }
}
