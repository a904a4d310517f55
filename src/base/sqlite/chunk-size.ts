const FIRST = 32
const MOST = 50_000
const LEAST = 8
/** What one chunk should take: short enough for others, long enough to be worth its statements. */
const TARGET_MS = 2

/** How many documents to look at in one go, by how long the last ones took. */
export class ChunkSize {
  rows = FIRST

  adapt(tookMs: number): void {
    const factor = Math.min(4, TARGET_MS / Math.max(tookMs, 0.01))
    this.rows = Math.max(LEAST, Math.min(MOST, Math.round(this.rows * factor)))
  }
}
