import type { Symptoms } from './cause.ts'
import { STARTS } from './causes/starts.ts'
import { findCause } from './find-cause.ts'

/** Why a micro did not start, by its last output; null when that tells nothing that is known. */
export function findStartCause(
  symptoms: Pick<Symptoms, 'tail' | 'message'>,
): { readonly fault: 'user' | 'system'; readonly text: string } | null {
  const found = findCause(symptoms, STARTS)
  return found && { fault: found.cause.culprit === 'app' ? 'user' : 'system', text: found.text }
}
