import type { Finder, FoundItem, Step } from '../documents.ts'

export interface PageLimits {
  readonly items: number
  readonly bytes: number
  readonly withinMs: number
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
export async function readPage(
  finder: Finder,
  limits: PageLimits,
  nextTurn: () => Promise<void>,
): Promise<Page> {
  const items: FoundItem[] = []
  const started = performance.now()
  let turn = started
  let bytes = 0
  for (;;) {
    const soon = finder.next(limits.items + 1 - items.length)
    const step: Step = soon instanceof Promise ? await soon : soon
    for (const item of step.items) {
      if (items.length >= limits.items || bytes >= limits.bytes) return { items, last: items.at(-1)!.key }
      items.push(item)
      bytes += item.text.length
    }
    if (step.isEnd) return { items, last: null }
    const now = performance.now()
    if (now - started > limits.withinMs) return { items, last: step.reached }
    if (now - turn < TURN_MS) continue
    await nextTurn()
    turn = performance.now()
  }
}
