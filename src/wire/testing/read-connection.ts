/** Reads a whole connection with the parts of the wire, the way the gateway does. */
import type { BodyReader } from '../body-part.ts'
import { newBodyReader } from '../body-reader.ts'
import type { Field } from '../fields.ts'
import { readRequestHead, type RequestHead } from '../request-head.ts'

export interface ReadRequest {
  readonly method: string
  readonly target: string
  readonly body: string
  readonly trailers: readonly string[]
}

export interface ReadConnection {
  /** Complete requests, in order. */
  readonly requests: readonly ReadRequest[]
  /**
   * The state after them. `parse-error`: refused; `closed`: the last request closes the connection; `open`: more is needed,
   * or nothing is left.
   */
  readonly end: 'parse-error' | 'closed' | 'open'
}

interface Current {
  readonly head: RequestHead
  readonly reader: BodyReader
}

export function readConnection(pieces: readonly Buffer[]): ReadConnection {
  const requests: ReadRequest[] = []
  let held: Buffer = Buffer.alloc(0)
  let current: Current | null = null
  let previous: RequestHead | null = null
  let body = ''
  const finish = ({ method, target }: RequestHead, trailers: readonly Field[]) => {
    requests.push({ method, target, body, trailers: trailers.map((field) => field.line) })
    current = null
    body = ''
  }
  for (const piece of pieces) {
    held = Buffer.concat([held, piece])
    while (held.length > 0) {
      if (current === null) {
        const head: ReturnType<typeof readRequestHead> = readRequestHead(held, previous)
        if (head.kind === 'parse-error') return { requests, end: 'parse-error' }
        if (head.kind === 'incomplete') break
        held = held.subarray(head.byteLength)
        previous = head
        if (head.framing.kind !== 'none') current = { head, reader: newBodyReader(head.framing) }
        else {
          finish(head, [])
          if (!head.keepAlive) return { requests, end: 'closed' }
        }
        continue
      }
      const { head, reader }: Current = current
      const part = reader.read(held)
      if (part.kind === 'parse-error') return { requests, end: 'parse-error' }
      body += part.payload.toString('latin1')
      held = part.kind === 'end' ? part.rest : Buffer.alloc(0)
      if (part.kind === 'more') continue
      finish(head, part.trailers)
      if (!head.keepAlive) return { requests, end: 'closed' }
    }
  }
  return { requests, end: 'open' }
}
