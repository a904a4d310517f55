import type { WakeResult } from './types.ts'

/** The answer to a wake when the platform cannot be asked; `message` is a sentence without a full stop. */
export const unavailable = (message: string): WakeResult => ({
  kind: 'failed',
  reason: 'unavailable',
  message,
  logTail: '',
})
