import type { LogNote } from './types.ts'

/** Different notes that are remembered; more are not passed on, so that no app can fill a log or the channel with them. */
const MAX_NOTES = 1_000
/** A micro that names its cookies at random must not use up what all share. */
const MAX_PER_MICRO = 5

/** Lets each note pass once, and few of one micro. */
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
