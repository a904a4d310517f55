import type { Field } from './fields.ts'

const CRLF = Buffer.from('\r\n')
const LAST_CHUNK = Buffer.from('0\r\n\r\n')

/** Octets of a head that was assembled as text, one character per octet. */
export const headBytes = (text: string): Buffer => Buffer.from(text, 'latin1')

/** `payload` as one chunk. Empty payloads have no chunk: it would end the body. */
export function chunkOf(payload: Uint8Array): Buffer {
  const size = payload.length.toString(16)
  const bytes = Buffer.allocUnsafe(size.length + 2 + payload.length + 2)
  bytes.write(`${size}\r\n`, 0, 'latin1')
  bytes.set(payload, size.length + 2)
  bytes.set(CRLF, size.length + 2 + payload.length)
  return bytes
}

/** The end of a chunked body, with its trailer section. */
export function lastChunk(trailers: readonly Field[]): Buffer {
  if (trailers.length === 0) return LAST_CHUNK
  return headBytes(`0\r\n${trailers.map((field) => `${field.line}\r\n`).join('')}\r\n`)
}
