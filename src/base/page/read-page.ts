import type { Finder, FoundItem, Step } from '../documents.ts'

export interface PageLimits {
  readonly items: number
  readonly bytes: number
  /** Of its own work: on a busy server, others do not make pages short. */
  readonly withinMs: number
  /** After a while of work: lets other calls be served. */
  readonly pause: () => Promise<void>
}

export interface Page {
  readonly items: readonly FoundItem[]
  /** Where the next page begins; null: nothing more matches. */
  readonly last: string | null
}

/** Without a turn for others, a search may take this long. */
const TURN_MS = 4

/**
 * A page ends with its last item, with its bytes or with its time. It looks for one item more than it gives, as clients
 * compare whether there is a `last`; only when its time is over, `last` may lead to an empty page.
 */
export async function readPage(finder: Finder, limits: PageLimits): Promise<Page> {
  const items: FoundItem[] = []
  // Many searches may begin in the same round: each one pauses after its first step.
  let until = 0
  let workedMs = 0
  let bytes = 0
  for (;;) {
    const started = performance.now()
    const soon = finder.next(limits.items + 1 - items.length)
    const step: Step = soon instanceof Promise ? await soon : soon
    for (const item of step.items) {
      if (items.length >= limits.items || bytes >= limits.bytes) return { items, last: items.at(-1)!.key }
      items.push(item)
      bytes += item.text.length
    }
    if (step.isEnd) return { items, last: null }
    const now = performance.now()
    workedMs += now - started
    if (workedMs > limits.withinMs) return { items, last: step.reached }
    if (now < until) continue
    await limits.pause()
    until = performance.now() + TURN_MS
  }
}
