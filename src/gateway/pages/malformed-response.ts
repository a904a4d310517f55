import type { Description, Turn } from './description.ts'

type Words = Pick<Description, 'text' | 'turn'>

/** The reason is shown here because no log has it: the app considers its response sent. */
export const MALFORMED_FOR_VISITORS: Words = {
  text: 'The app responded, but its response is not valid HTTP.',
  turn: {
    whose: 'app-owner',
    text: 'Open this page signed in as the owner to see what is wrong with the response.',
  },
}

/** `reason` is the parser's. It contains nothing from the response itself. */
export const malformedForOwner = (reason: string): Words => ({
  text: `The app responded, but its response is not valid HTTP. ${EXPLANATIONS[reason] ?? `The parser says: ${reason}.`}`,
  turn: OWNER_TURN,
})

const OWNER_TURN: Turn = {
  whose: 'you',
  text: 'Fix the response, then run `space push`. HTTP servers and frameworks write these parts for you: check the code that writes them by hand.',
}

/** For the developer, who has to find the mistake in the code of the app. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  'invalid status line':
    'It does not begin with a status line such as `HTTP/1.1 200 OK`. The server on `PORT` may use TLS, HTTP/2 or another protocol instead of HTTP/1.1.',
  'line without CRLF': 'A header line ends in `\\n` instead of `\\r\\n`.',
  'invalid header name': 'A header has an invalid name, a space before its colon, or no colon.',
  'invalid header value': 'The value of a header contains a control character, such as a line break.',
  'repeated Content-Length or Transfer-Encoding':
    'It has `Content-Length` or `Transfer-Encoding` more than once.',
  'Content-Length beside Transfer-Encoding':
    'It has both `Content-Length` and `Transfer-Encoding`; only one of them is allowed.',
  'unsupported Transfer-Encoding': 'The value of `Transfer-Encoding` is not `chunked`.',
  'invalid Content-Length': 'The value of `Content-Length` is not a number.',
  'Transfer-Encoding in HTTP/1.0': 'It has `Transfer-Encoding`, which does not exist in HTTP/1.0.',
  'header section too large': 'Its headers are larger than the limit (`--max-answer-head`).',
  'too many header fields': 'It has too many headers.',
  'too many interim responses': 'It consists of too many interim responses (1xx) without a final one.',
  'unasked 101': 'It switches to another protocol (101), but the request asked for none.',
}
