/** A message that is not HTTP as we accept it. Nothing more is read from its connection. */
export interface Fault {
  readonly kind: 'fault'
  /** The status of the answer to a client; a fault of an upstream is always a 502. */
  readonly status: 400 | 405 | 414 | 431 | 505
  /** Safe to show and to log: never contains bytes of the message. */
  readonly reason: string
}

export const fault = (reason: string, status: Fault['status'] = 400): Fault => ({
  kind: 'fault',
  status,
  reason,
})

export interface Incomplete {
  readonly kind: 'incomplete'
}

/** More bytes are needed. */
export const INCOMPLETE: Incomplete = { kind: 'incomplete' }
