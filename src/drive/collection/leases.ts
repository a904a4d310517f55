/** Content that is being read, which therefore stays although no file leads to it any more. */
export interface Leases {
  /** Until the returned function is called; a second call does nothing. */
  take(content: string): () => void
  has(content: string): boolean
  /** Look-ups that found content and have not taken a lease yet. */
  duringLookup<T>(lookup: () => Promise<T>): Promise<T>
  /** Resolves when all look-ups that run now have ended: none of them can still find what was trash before. */
  lookupsEnded(): Promise<void>
}

export function createLeases(onRelease: () => void): Leases {
  const counts = new Map<string, number>()
  const lookups = new Set<Promise<unknown>>()
  return {
    take(content) {
      counts.set(content, (counts.get(content) ?? 0) + 1)
      let isReleased = false
      return () => {
        if (isReleased) return
        isReleased = true
        const left = counts.get(content)! - 1
        if (left > 0) return void counts.set(content, left)
        counts.delete(content)
        onRelease()
      }
    },
    has: (content) => counts.has(content),
    async duringLookup(lookup) {
      const running = lookup()
      lookups.add(running)
      try {
        return await running
      } finally {
        lookups.delete(running)
      }
    },
    async lookupsEnded() {
      await Promise.allSettled(lookups)
    },
  }
}
