import { BOUNDS } from './rate-limiters.ts'

/**
 * An untrusted name in a form that is safe to show: one line, limited in length, without invisible characters and
 * characters that change the reading direction.
 */
export function displayName(text: string): string {
  const visible = text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim()
  return [...visible].slice(0, BOUNDS.nameChars).join('') || 'Unnamed'
}
