import type { Grant } from '../../access/index.ts'
import type { MicroRef } from '../../directory/index.ts'
import type { MicroUpstreams } from './upstream.ts'

/**
 * Micros that must not be put to sleep: a request or stream of theirs is under way, or a request came since this was
 * last called. Requests themselves cost next to nothing: open ones are looked for here.
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
