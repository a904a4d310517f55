import type { LogNote } from './types.ts'

/**
 * Number of different notes that are remembered; further ones are dropped, so that no app can fill a log or the
 * channel.
 */
const MAX_NOTES = 1_000
/** A micro with random cookie names must not use up the shared bound. */
const MAX_PER_MICRO = 5

/** Passes each note once, and a limited number per micro. */
export class NotesOnce {
  readonly #known = new Map<string, Set<string>>()
  #count = 0

  /** Whether the note is to be passed on. */
  admit({ instanceId, micro, kind, cookie }: LogNote): boolean {
    const place = `${instanceId} ${micro}`
    const known = this.#known.get(place) ?? new Set()
    const what = `${kind} ${cookie}`
    if (known.has(what) || known.size >= MAX_PER_MICRO || this.#count >= MAX_NOTES) return false
    this.#known.set(place, known.add(what))
    this.#count++
    return true
  }
}
