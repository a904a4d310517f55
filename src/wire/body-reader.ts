import { ChunkedReader } from './chunked-reader.ts'
import type { Fault } from './fault.ts'
import type { Field } from './fields.ts'
import type { BodyFraming } from './framing.ts'

/**
 * What `read` found in the octets it was given. `payload` is a view of them, free of framing; `rest` is what lies
 * behind the end of the body and belongs to the next message.
 */
export type BodyPart =
  | { readonly kind: 'more'; readonly payload: Buffer }
  | {
      readonly kind: 'end'
      readonly payload: Buffer
      readonly trailers: readonly Field[]
      readonly rest: Buffer
    }
  | Fault

/** Takes the octets behind a head, in any pieces, and tells payload from framing. */
export interface BodyReader {
  read(bytes: Buffer): BodyPart
}

export const NO_TRAILERS: readonly Field[] = []

/** The reader for a body that has not begun yet. A `none` body has ended already and needs no reader. */
export function newBodyReader(framing: Exclude<BodyFraming, { kind: 'none' }>): BodyReader {
  switch (framing.kind) {
    case 'length':
      return lengthReader(framing.length)
    case 'chunked':
      return new ChunkedReader()
    case 'until-close':
      return { read: (payload) => ({ kind: 'more', payload }) }
  }
}

function lengthReader(length: number): BodyReader {
  let missing = length
  return {
    read(bytes) {
      if (bytes.length < missing) {
        missing -= bytes.length
        return { kind: 'more', payload: bytes }
      }
      const payload = bytes.subarray(0, missing)
      const rest = bytes.subarray(missing)
      missing = 0
      return { kind: 'end', payload, trailers: NO_TRAILERS, rest }
    },
  }
}
