import { pump, type Body } from '../content/pump.ts'
import { receive } from '../content/receive.ts'
import { Refusal } from '../errors.ts'
import type { StoredPart } from '../files/scope.ts'
import { readUsage, requireQuota } from '../files/usage.ts'
import { hasMoreValues } from './json-values.ts'
import type { DriveCall } from './drive-call.ts'

/** Stores the body of the call; `commit` makes its row. `stored` is null for an empty body. */
export async function storeBody<R>(
  drive: DriveCall,
  commit: (id: string, stored: StoredPart | null) => Promise<R>,
): Promise<R> {
  const { collection, limits } = drive
  const body = bodyOf(drive, limits.bodyBytes)
  await requireRoom(drive, body.announcedBytes ?? 0)
  const result = await collection.store(
    async (writer) => {
      const received = await receive(body, writer)
      await (received.size === 0 ? writer.abandon() : writer.finish())
      return received
    },
    (blob, received) => commit(blob, received.size === 0 ? null : { blob, ...received }),
  )
  collection.emptyTrashSoon()
  return result
}

/** Before the body is read. What is replaced is not known yet, so only what cannot fit at all is refused. */
async function requireRoom({ collection }: DriveCall, bytes: number): Promise<void> {
  const { blobs } = collection.parts
  const quota = collection.parts.quota()
  if (bytes > quota.bytes) {
    const before = await readUsage(collection.scope)
    requireQuota(before, { ...before, bytes: before.bytes + bytes }, quota)
  }
  blobs.requireRoom(bytes)
}

/** Throws 400 for what is no JSON, and, before it is parsed, for more values than `maxValues`. */
export async function readJson(drive: DriveCall, maxBytes: number, maxValues: number): Promise<unknown> {
  const body = bodyOf(drive, maxBytes)
  const pieces: Uint8Array[] = []
  if (body.body) await pump(body.body, body, async (bytes) => void pieces.push(bytes))
  const bytes = Buffer.concat(pieces)
  if (hasMoreValues(bytes, maxValues)) throw new Refusal(400, `The body may have at most ${maxValues} values`)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal(400, 'The body is not JSON')
  }
}

function bodyOf({ call, collection, limits }: DriveCall, bodyBytes: number): Body {
  const { request } = call
  const length = request.headers.get('content-length')
  return {
    body: request.body,
    announcedBytes: length !== null && /^\d+$/.test(length) ? Number(length) : null,
    limits: { ...limits, bodyBytes },
    signal: AbortSignal.any([request.signal, collection.cut.signal]),
  }
}
