import type { Description, Turn } from './description.ts'

type Words = Pick<Description, 'text' | 'turn'>

/** No log tells it: the app believes that it has answered. */
export const FAULT_FOR_VISITORS: Words = {
  text: 'The app answered, but not in a way that can be passed on.',
  turn: {
    whose: 'app-owner',
    text: 'Whoever develops the app is shown what is wrong with the answer.',
  },
}

/** `fault` is what the wire says of the answer: a word of ours, without anything from the answer itself. */
export const faultForOwner = (fault: string): Words => ({
  text: `The app answered, but not in a way that can be passed on. ${EXPLANATIONS[fault] ?? `What is wrong with it: ${fault}.`}`,
  turn: OWNER_TURN,
})

const OWNER_TURN: Turn = {
  whose: 'you',
  text: 'Correct what the app sends, then `space push` it again. The HTTP server of its language writes all of this by itself.',
}

/** Whoever has to find the mistake in their own code needs more than its name. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  'invalid status line':
    'It does not begin with a line such as `HTTP/1.1 200 OK`. Perhaps what listens on the port in `PORT` does not speak HTTP/1.1 but TLS, HTTP/2 or something else.',
  'line without CRLF': 'A line of its head ends in `\\n`; lines end in `\\r\\n`.',
  'invalid header name':
    'A header has a name that no header may have, a blank before its colon, or no colon at all.',
  'invalid header value': 'A header has a control character in its value, such as a line break.',
  'repeated Content-Length or Transfer-Encoding':
    '`Content-Length` or `Transfer-Encoding` is there more than once.',
  'Content-Length beside Transfer-Encoding':
    '`Content-Length` and `Transfer-Encoding` are both there, and only one of them can be meant.',
  'unsupported Transfer-Encoding': '`Transfer-Encoding` says something else than `chunked`.',
  'invalid Content-Length': '`Content-Length` is no plain number.',
  'Transfer-Encoding in HTTP/1.0': 'It says `Transfer-Encoding`, which HTTP/1.0 does not have.',
  'header section too large': 'Its headers are larger than any that are passed on.',
  'too many header fields': 'It has more headers than any that are passed on.',
  'too many interim responses': 'One provisional answer (1xx) came after another, and no final one.',
  'unasked 101': 'It changes to another protocol (101), which nobody had asked for.',
}
