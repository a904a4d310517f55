/** Reproducible random choices for property tests and fuzzing. For tests. */
export interface Random {
  /** 0 to `below` - 1. */
  int(below: number): number
  pick<T>(list: readonly T[]): T
  /** `length` random parts, joined. */
  text(parts: readonly string[], length: number): string
}

/** Mulberry32: small, fast and good enough to choose test cases. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const random: Random = {
    int: (below) => Math.floor(next() * below),
    pick: (list) => {
      const chosen = list[random.int(list.length)]
      if (chosen === undefined) throw new Error('nothing to pick from')
      return chosen
    },
    text: (parts, length) => Array.from({ length }, () => random.pick(parts)).join(''),
  }
  return random
}
