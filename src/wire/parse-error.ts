/** A message that is not HTTP as we accept it. Nothing more is read from its connection. */
export interface ParseError {
  readonly kind: 'parse-error'
  /** The status of the answer to a client; that of an upstream is always a 502. */
  readonly status: 400 | 405 | 414 | 431 | 505
  /** Safe to show and to log: never contains bytes of the message. */
  readonly reason: string
}

export const parseError = (reason: string, status: ParseError['status'] = 400): ParseError => ({
  kind: 'parse-error',
  status,
  reason,
})

export interface Incomplete {
  readonly kind: 'incomplete'
}

/** More bytes are needed. */
export const INCOMPLETE: Incomplete = { kind: 'incomplete' }
