import { invalid } from '../fault.ts'
import type { Json } from '../items/json.ts'
import { readJson } from '../items/read-json.ts'

/** The JSON of a request; undefined without a body. Throws BaseFault. */
export async function readBody(request: Request, mostBytes: number): Promise<Json | undefined> {
  const length = Number(request.headers.get('content-length') ?? Number.NaN)
  if (length > mostBytes) throw tooLarge(mostBytes)
  return readJson(length >= 0 ? await request.bytes() : await readBounded(request, mostBytes))
}

/** Of unknown length. */
async function readBounded(request: Request, mostBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const part of request.body ?? []) {
    bytes += part.byteLength
    if (bytes > mostBytes) throw tooLarge(mostBytes)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const tooLarge = (mostBytes: number) => invalid(`A request may have at most ${mostBytes} bytes`)
