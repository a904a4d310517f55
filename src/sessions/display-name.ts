import { BOUNDS } from './rate-limiters.ts'

/**
 * A name that somebody else may have chosen, as it may be shown: one line, bounded, without characters that cannot be
 * seen or turn the reading direction around.
 */
export function displayName(text: string): string {
  const visible = text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim()
  return [...visible].slice(0, BOUNDS.nameChars).join('') || 'Unnamed'
}
