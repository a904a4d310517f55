import { dataError } from '../../data-protocol/index.ts'
import { CHUNK_BYTES } from '../content/chunk-sums.ts'
import { type ByteRange, readWindows } from '../content/read-windows.ts'
import { streamOf } from '../content/stream.ts'
import { notFound } from '../errors.ts'
import { findFile, partsOf } from '../files/contents.ts'
import type { FileKey, StoredFile, StoredPart } from '../files/scope.ts'
import { conditionStatus, entityTag, isRangeValid, lastModified } from './conditions.ts'
import { type DriveCall, fileOf } from './drive-call.ts'
import { rangeOf } from './range.ts'

/** GET and HEAD /files/download?name= */
export async function download(drive: DriveCall): Promise<Response> {
  const { request } = drive.call
  const { key, echo } = fileOf(drive)
  const found = await findContent(drive, key)
  if (!found) throw notFound(`No file is named ${echo.name}`)
  const { file, release } = found
  let isStreaming = false
  try {
    const status = conditionStatus(request.headers, file)
    if (status === 304) return new Response(null, { status, headers: validators(file) })
    if (status === 412) return dataError(412, 'The file is not as If-Match or If-Unmodified-Since says')
    const range = isRangeValid(request.headers.get('if-range'), file)
      ? rangeOf(request.headers.get('range'), file.size)
      : 'whole'
    if (range === 'unsatisfiable') return unsatisfiable(file)
    const head = headOf(file, range)
    if (request.method === 'HEAD') return new Response(null, head)
    const body = await bodyOf(drive, found, range === 'whole' ? { start: 0, end: file.size } : range)
    if (body instanceof Uint8Array) return new Response(body, head)
    isStreaming = true
    return new Response(body, head)
  } finally {
    if (!isStreaming) release()
  }
}

interface Found {
  readonly file: StoredFile
  readonly parts: readonly StoredPart[]
  readonly release: () => void
}

/** The content stays until it is released, whatever becomes of the file. */
function findContent({ collection }: DriveCall, key: FileKey): Promise<Found | null> {
  const { scope, leases } = collection
  return leases.duringLookup(async () => {
    for (;;) {
      const file = await findFile(scope, key)
      if (!file) return null
      const release = leases.take(file.content)
      const parts = await partsOf(scope, file.content)
      const size = parts.reduce((sum, part) => sum + part.size, 0)
      if (size === file.size) return { file, parts, release }
      // The file was replaced or deleted between the two reads.
      release()
    }
  })
}

/** In one piece where it is as short as a chunk; checked to its first window before anything is answered. */
async function bodyOf(
  { collection, limits, keepOpen }: DriveCall,
  { file, parts, release }: Found,
  range: ByteRange,
): Promise<Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>> {
  const { blobs, log, id } = collection.parts
  const windows = readWindows(blobs, parts, range)
  if (range.end - range.start <= CHUNK_BYTES) return await inOnePiece(windows, range.end - range.start)
  const first = await windows.next()
  const close = keepOpen()
  return streamOf({
    first: first.value!,
    rest: windows,
    idleMs: limits.idleMs,
    signal: collection.cut.signal,
    onEnd(failure) {
      release()
      close()
      if (failure) log.error('a download was cut', { collection: id, content: file.content }, failure)
    },
  })
}

async function inOnePiece(
  windows: AsyncIterable<Uint8Array>,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(length)
  let at = 0
  for await (const window of windows) {
    whole.set(window, at)
    at += window.length
  }
  return whole
}

const validators = (file: StoredFile): Record<string, string> => ({
  etag: entityTag(file),
  // With Last-Modified alone, browsers would show a file for hours after it was replaced (RFC 9111, 4.2.2).
  'cache-control': 'private, no-cache',
  'last-modified': lastModified(file),
})

function headOf(file: StoredFile, range: ByteRange | 'whole') {
  const headers: Record<string, string> = {
    ...validators(file),
    'content-type': file.type,
    'content-length': String(range === 'whole' ? file.size : range.end - range.start),
    'accept-ranges': 'bytes',
  }
  if (range === 'whole') return { status: 200, headers }
  headers['content-range'] = `bytes ${range.start}-${range.end - 1}/${file.size}`
  return { status: 206, headers }
}

function unsatisfiable(file: StoredFile): Response {
  const answer = dataError(416, `The file has ${file.size} bytes, and the range begins behind them`)
  answer.headers.set('content-range', `bytes */${file.size}`)
  return answer
}
