/** Every bound of the wire, in one place. Generous for honest peers; each limits what one peer can cost. */
export const WIRE_LIMITS = {
  /** Request target. Longer ones get 414. */
  targetBytes: 16_384,
  /** Before a request line. */
  emptyLines: 4,
  /** Request line and header section together. Larger ones get 431. */
  requestHeadBytes: 32_768,
  requestFields: 200,
  /** Status line and header section of an upstream. Larger ones are a bad gateway. */
  responseHeadBytes: 65_536,
  responseFields: 500,
  /** Informational responses (1xx) before the final one. */
  interimResponses: 16,
  /** One chunk-size line with its extensions, which are read and dropped. */
  chunkLineBytes: 1_024,
  /** Trailer section of a chunked body. */
  trailerBytes: 8_192,
  trailerFields: 64,
  /** Longest run of hexadecimal digits in a chunk size: 2^48 bytes, far below what a number holds exactly. */
  chunkSizeDigits: 12,
  /** Longest run of digits in a Content-Length: below 10^15 bytes, which a number holds exactly. */
  contentLengthDigits: 15,
} as const

/** The limits of a request head that an operator can set. */
export interface RequestHeadLimits {
  readonly targetBytes: number
  readonly requestHeadBytes: number
}
