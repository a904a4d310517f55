import type { Cause, Symptoms } from './cause.ts'
import { CAUSES } from './causes/causes.ts'

export interface Blame {
  readonly cause: Cause
  /** Sentences for the developer: what failed, why, what to do next. */
  readonly text: string
}

/** An app controls its output: the patterns search only this much of its end, and of what failed before it. */
const SEARCHED_CHARACTERS = 12_000
const SEARCHED_HEAD = 2_000

/** Why a step failed, or null when its output tells nothing that is known. */
export function findCause(
  { tail, message }: Pick<Symptoms, 'tail' | 'message'>,
  causes: readonly Cause[] = CAUSES,
): Blame | null {
  const text = `${message}\n${searched(tail)}`
  for (const cause of causes) {
    const match = cause.pattern.exec(text)
    if (match) return { cause, text: `${fill(cause.sentence, match)} ${fill(cause.next, match)}` }
  }
  return null
}

const searched = (tail: string): string =>
  tail.length <= SEARCHED_HEAD + SEARCHED_CHARACTERS
    ? tail
    : `${tail.slice(0, SEARCHED_HEAD)}\n${tail.slice(-SEARCHED_CHARACTERS)}`

/** Puts the groups of the match in the place of `$1`; an empty one disappears with what introduces it. */
function fill(text: string, match: RegExpExecArray): string {
  return text
    .replaceAll(/\$([1-9])/g, (_, group) => printable(match[Number(group)] ?? ''))
    .replace(/(: |, | \(| )``(?=[.,)])/, '')
    .replace(/ \(\)|: (?=\.( |$))/, '')
    .replaceAll(/ {2,}/g, ' ')
}

const printable = (text: string): string =>
  text
    .replaceAll(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 120)
