import {
  readRequestHead,
  type ParseError,
  type RequestHead,
  type RequestHeadLimits,
} from '../../wire/index.ts'
import type { Idle, ReadingHead } from './client-state.ts'
import { OverlongHead } from './overlong-head.ts'

/** A request; or that more of its head is needed, with the next state and what stays unread; or why it is refused. */
export type HeadStep =
  | RequestHead
  | { readonly kind: 'more'; readonly state: Idle | ReadingHead; readonly unread: Buffer }
  | { readonly kind: 'refused'; readonly error: ParseError; readonly overlong: OverlongHead | null }

const NOTHING = Buffer.alloc(0)

/** Reads the next head from `unread`. `previous`: the last request of the same connection. */
export function readHead(
  state: Idle | ReadingHead,
  unread: Buffer,
  previous: RequestHead | undefined,
  limits: RequestHeadLimits,
): HeadStep {
  if (state.kind === 'head' && state.overlong !== null) {
    state.overlong.add(unread)
    return readOverlong(state, state.overlong)
  }
  const head = readRequestHead(unread, previous, limits)
  switch (head.kind) {
    case 'request':
      return head
    case 'incomplete':
      // Some clients send an empty line behind a body: it does not begin a request.
      return isEmptyLine(unread)
        ? { kind: 'more', state, unread: NOTHING }
        : { kind: 'more', state: begun(state), unread }
    case 'parse-error': {
      const overlong = OverlongHead.of(head, unread, limits.requestHeadBytes)
      if (overlong === null) return { kind: 'refused', error: head, overlong }
      return readOverlong({ ...begun(state), overlong }, overlong)
    }
  }
}

const readOverlong = (state: ReadingHead, overlong: OverlongHead): HeadStep =>
  overlong.isComplete
    ? { kind: 'refused', error: overlong.error, overlong }
    : { kind: 'more', state, unread: NOTHING }

const begun = (state: Idle | ReadingHead): ReadingHead =>
  state.kind === 'head' ? state : { kind: 'head', sinceMs: Date.now(), overlong: null }

const isEmptyLine = (octets: Buffer): boolean =>
  octets.length === 2 && octets[0] === 0x0d && octets[1] === 0x0a
