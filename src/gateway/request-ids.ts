import { randomLabel } from '../ids.ts'

/** Names for requests: unique, short enough to be read out, and cheap. They are no secret. */
export function requestIds(): () => string {
  const prefix = randomLabel(8)
  let count = 0
  return () => `${prefix}-${++count}`
}
