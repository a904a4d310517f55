/**
 * The wire: HTTP/1.1 on sockets (RFC 9110, RFC 9112): heads, framing, serialising, byte streams with back-pressure.
 * Strict in what it accepts and exact in what it passes on. No policy: it knows nothing about apps, hosts or people.
 * Start at `request-head.ts` and `connection.ts`.
 */
export { parseAuthority } from './authority.ts'
export { NO_TRAILERS } from './body-part.ts'
export type { BodyPart, BodyReader } from './body-part.ts'
export { newBodyReader } from './body-reader.ts'
export { Connection } from './connection.ts'
export type { ConnectionHandler } from './connection.ts'
export type { ParseError } from './parse-error.ts'
export type { HeaderSection } from './header-section.ts'
export { HeadWriter } from './head-writer.ts'
export { KNOWN_NAMES } from './field-names.ts'
export { Field } from './fields.ts'
export type { BodyFraming } from './framing.ts'
export { WIRE_LIMITS, type RequestHeadLimits } from './limits.ts'
export { readRequestHead } from './request-head.ts'
export type { RequestHead } from './request-head.ts'
export { readResponseHead } from './response-head.ts'
export type { ResponseHead } from './response-head.ts'
export { chunkOf, headBytes, lastChunk } from './serialise.ts'
export { connect, listen } from './sockets.ts'
export type { Address, Listener } from './sockets.ts'
export type { ServerTls } from './tls.ts'
