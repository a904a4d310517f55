/** Reference counts by name: a name that is held is not evicted. */
export interface Holds {
  /** Holds a name until disposed. A name can be held several times. */
  hold(name: string): Disposable
  isHeld(name: string): boolean
}

export function createHolds(): Holds {
  const counts = new Map<string, number>()
  const add = (name: string, change: number) => {
    const count = (counts.get(name) ?? 0) + change
    if (count > 0) counts.set(name, count)
    else counts.delete(name)
  }
  return {
    hold(name) {
      add(name, 1)
      return { [Symbol.dispose]: () => add(name, -1) }
    },
    isHeld: (name) => counts.has(name),
  }
}
