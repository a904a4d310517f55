import { ORPHAN_MS, ORPHAN_STALL_MS, STALL_MS } from '../protocol.ts'

type Status =
  /** Nothing is loaded yet. */
  | { readonly kind: 'empty' }
  /** The copy is equal to the platform's directory. */
  | { readonly kind: 'live' }
  /** Connected, but this process was stalled, and has not heard from the platform since. */
  | { readonly kind: 'unsure' }
  /** The platform is gone. */
  | { readonly kind: 'orphan'; readonly untilMs: number }
  /** The copy may be wrong; it has to be loaded again. */
  | { readonly kind: 'lost' }

/**
 * Whether requests may be decided from a copy of the directory. A process that was stalled (a long garbage collection,
 * a suspended machine) may have been cut off without having read so: it has to ask the platform first.
 */
export class Lease {
  readonly #now: () => number
  readonly #onUnsure: () => void
  #status: Status = { kind: 'empty' }
  #lastTickMs: number
  #waiting: Array<() => void> = []

  /** `now`: monotonic, milliseconds. `onUnsure`: ask the platform, and report its answer by `confirmed`. */
  constructor(now: () => number, onUnsure: () => void) {
    this.#now = now
    this.#onUnsure = onUnsure
    this.#lastTickMs = now()
  }

  /** Called for every request. */
  get isCurrent(): boolean {
    const nowMs = this.#now()
    if (nowMs - this.#lastTickMs > STALL_MS) this.#noteGap(nowMs)
    const status = this.#status
    return status.kind === 'live' || (status.kind === 'orphan' && nowMs < status.untilMs)
  }

  /** Must be called by a timer several times within STALL_MS. */
  tick(): void {
    const nowMs = this.#now()
    if (nowMs - this.#lastTickMs > STALL_MS) this.#noteGap(nowMs)
    this.#lastTickMs = nowMs
  }

  /** The copy is equal to the platform's. */
  loaded(): void {
    this.#become({ kind: 'live' })
  }

  /** The platform answered a question: no message was missed. */
  confirmed(): void {
    if (this.#status.kind === 'unsure') this.#become({ kind: 'live' })
  }

  /** The platform's end closed. */
  disconnected(): void {
    this.tick()
    if (this.#status.kind === 'unsure') this.#become({ kind: 'lost' })
    if (this.#status.kind === 'live') this.#become({ kind: 'orphan', untilMs: this.#now() + ORPHAN_MS })
  }

  /** This copy must not be used any more. */
  lost(): void {
    if (this.#status.kind !== 'empty') this.#become({ kind: 'lost' })
  }

  /** Resolves to whether the copy becomes valid within this time. */
  whenCurrent(timeoutMs: number): Promise<boolean> {
    if (this.isCurrent) return Promise.resolve(true)
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((other) => other !== done)
        resolve(false)
      }, timeoutMs)
      const done = () => {
        clearTimeout(timer)
        resolve(true)
      }
      this.#waiting.push(done)
    })
  }

  #noteGap(nowMs: number): void {
    const gapMs = nowMs - this.#lastTickMs
    this.#lastTickMs = nowMs
    if (this.#status.kind === 'live') {
      this.#become({ kind: 'unsure' })
      this.#onUnsure()
    } else if (this.#status.kind === 'orphan' && gapMs > ORPHAN_STALL_MS) {
      this.#become({ kind: 'lost' })
    }
  }

  #become(status: Status): void {
    this.#status = status
    if (status.kind !== 'live') return
    const waiting = this.#waiting
    this.#waiting = []
    for (const done of waiting) done()
  }
}
