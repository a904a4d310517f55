import type { Grant } from '../../access/index.ts'
import type { MicroRef } from '../../directory/index.ts'
import type { MicroUpstreams } from './upstream.ts'

/**
 * Micros that must not be put to sleep: a request or stream is under way, or a request has come since the last call.
 * Costs requests nearly nothing: open ones are searched here.
 */
export function activeMicros(upstreams: MicroUpstreams, open: Iterable<Grant | null>): readonly MicroRef[] {
  const found = new Map<string, MicroRef>()
  for (const ref of [...upstreams.takeUsed(), ...open]) {
    if (ref === null) continue
    const { instanceId, micro } = ref
    found.set(`${instanceId}/${micro}`, { instanceId, micro })
  }
  return [...found.values()]
}
