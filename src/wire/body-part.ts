import type { ParseError } from './parse-error.ts'
import type { Field } from './fields.ts'

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
  | ParseError

/** Takes the octets behind a head, in any pieces, and separates payload from framing. */
export interface BodyReader {
  read(bytes: Buffer): BodyPart
}

export const NO_TRAILERS: readonly Field[] = []
