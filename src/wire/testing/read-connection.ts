/** Reads a whole connection with the parts of the wire, the way the gateway does. */
import type { BodyReader } from '../body-part.ts'
import { newBodyReader } from '../body-reader.ts'
import { readRequestHead } from '../request-head.ts'

export interface ReadRequest {
  readonly method: string
  readonly target: string
  readonly body: string
  readonly trailers: readonly string[]
}

export interface ReadConnection {
  /** Complete requests, in order. */
  readonly requests: readonly ReadRequest[]
  /** `fault`: refused behind them; `open`: more would be needed, or nothing is left. */
  readonly end: 'fault' | 'open'
}

export function readConnection(pieces: readonly Buffer[]): ReadConnection {
  const requests: ReadRequest[] = []
  let held: Buffer = Buffer.alloc(0)
  let current: { readonly method: string; readonly target: string; readonly reader: BodyReader } | null = null
  let body = ''
  for (const piece of pieces) {
    held = Buffer.concat([held, piece])
    while (held.length > 0) {
      if (current === null) {
        const head = readRequestHead(held)
        if (head.kind === 'fault') return { requests, end: 'fault' }
        if (head.kind === 'incomplete') break
        held = held.subarray(head.byteLength)
        const { method, target, framing } = head
        if (framing.kind === 'none') requests.push({ method, target, body: '', trailers: [] })
        else current = { method, target, reader: newBodyReader(framing) }
        continue
      }
      const part = current.reader.read(held)
      if (part.kind === 'fault') return { requests, end: 'fault' }
      body += part.payload.toString('latin1')
      held = part.kind === 'end' ? part.rest : Buffer.alloc(0)
      if (part.kind === 'more') continue
      const { method, target } = current
      requests.push({ method, target, body, trailers: part.trailers.map((field) => field.line) })
      current = null
      body = ''
    }
  }
  return { requests, end: 'open' }
}
