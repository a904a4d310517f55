import { expect, test } from 'bun:test'
import { overdue, type Wait } from './deadlines.ts'
import { GATEWAY_LIMITS as LIMITS } from '../limits.ts'

test.each([
  [{ for: 'drain', ms: LIMITS.writeStallMs, isTooSlow: false }, null],
  [{ for: 'drain', ms: LIMITS.writeStallMs + 1, isTooSlow: false }, 'abort'],
  [{ for: 'drain', ms: 0, isTooSlow: true }, 'abort'],
  [{ for: 'request', ms: LIMITS.idleMs, isClosing: false }, null],
  [{ for: 'request', ms: LIMITS.idleMs + 1, isClosing: false }, 'close'],
  [{ for: 'request', ms: LIMITS.lastHeadMs + 1, isClosing: true }, 'close'],
  [{ for: 'head', ms: LIMITS.headMs, isBegun: true, isClosing: false }, null],
  [{ for: 'head', ms: LIMITS.headMs + 1, isBegun: true, isClosing: false }, 'give-up'],
  [{ for: 'head', ms: LIMITS.headMs + 1, isBegun: false, isClosing: false }, 'close'],
  [{ for: 'head', ms: LIMITS.lastHeadMs + 1, isBegun: true, isClosing: true }, 'give-up'],
  [{ for: 'body', ms: LIMITS.bodyStallMs, isTooSlow: false }, null],
  [{ for: 'body', ms: LIMITS.bodyStallMs + 1, isTooSlow: false }, 'give-up'],
  [{ for: 'body', ms: 0, isTooSlow: true }, 'give-up'],
  [{ for: 'rest', ms: LIMITS.lingerAltogetherMs, quietMs: 0 }, null],
  [{ for: 'rest', ms: LIMITS.lingerAltogetherMs + 1, quietMs: 0 }, 'abort'],
  [{ for: 'rest', ms: LIMITS.lingerMs + 1, quietMs: LIMITS.lingerMs + 1 }, 'abort'],
  // It was quiet before as well: what counts is the time since the answer.
  [{ for: 'rest', ms: 1, quietMs: 60_000 }, null],
  [{ for: 'answer', ms: LIMITS.halfClosedMs }, null],
  [{ for: 'answer', ms: LIMITS.halfClosedMs + 1 }, 'abort'],
] as const)('%j: %p', (wait: Wait, due) => {
  expect(overdue(wait, LIMITS)).toBe(due)
})
