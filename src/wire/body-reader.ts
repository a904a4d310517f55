import { NO_TRAILERS, type BodyReader } from './body-part.ts'
import { ChunkedReader } from './chunked-reader.ts'
import type { BodyFraming } from './framing.ts'

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
