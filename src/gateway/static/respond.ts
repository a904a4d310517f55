import { randomBytes } from 'node:crypto'
import type { FilePart, LocalBody, LocalRequest, LocalResponse } from '../respond/local-response.ts'
import { judgeConditions, mayContinue } from './conditions.ts'
import { reopen } from './open-inside.ts'
import { readRanges, type ByteRange } from './ranges.ts'
import type { Content, Representation } from './representation.ts'

/** A client with a copy already knows these (RFC 9110 15.4.5). */
const NOT_IN_304 = new Set(['Content-Type', 'Content-Encoding', 'Last-Modified', 'Accept-Ranges'])

const EMPTY: LocalBody = { kind: 'bytes', bytes: new Uint8Array() }

/**
 * The answer to a GET or HEAD for an existing file: 200, 206, 304, 412 or 416, by preconditions and range (RFC 9110 13,
 * 14). Null if the file has changed since it was described: find it again.
 */
export function respondWith(request: LocalRequest, found: Representation): LocalResponse | null {
  switch (judgeConditions(request, found)) {
    case 'failed':
      return { status: 412, headers: [], body: EMPTY }
    case 'not-modified': {
      const headers = found.headers.filter(([name]) => !NOT_IN_304.has(name))
      return { status: 304, headers, body: { kind: 'none' } }
    }
    case 'proceed':
      return respondWithRange(request, found)
  }
}

function respondWithRange(request: LocalRequest, found: Representation): LocalResponse | null {
  // Ranges are defined for GET alone: HEAD describes the whole file (RFC 9110 14.2).
  const value = request.method === 'GET' ? request.header('range') : null
  const answer = value !== null && mayContinue(request, found) ? readRanges(value, found.size) : null
  switch (answer?.kind) {
    case undefined:
    case 'whole':
      return answer200(found)
    case 'unsatisfiable':
      return { status: 416, headers: [['Content-Range', `bytes */${found.size}`]], body: EMPTY }
    case 'partial':
      return answer206(found, answer.ranges)
  }
}

function answer200({ headers, headerLines, content, size }: Representation): LocalResponse | null {
  if (content.kind === 'memory') {
    const prebuilt = content.whole
    return { status: 200, headers, headerLines, body: { kind: 'bytes', bytes: prebuilt.body }, prebuilt }
  }
  const body = fileOf(content, [{ kind: 'slice', start: 0, length: size }])
  return body && { status: 200, headers, headerLines, body }
}

function answer206(found: Representation, ranges: readonly ByteRange[]): LocalResponse | null {
  const [only] = ranges
  if (ranges.length > 1 || only === undefined) return answerMultipart(found, ranges)
  const body = bodyOf(found, [sliceOf(only)])
  return (
    body && { status: 206, headers: [...found.headers, ['Content-Range', contentRange(only, found)]], body }
  )
}

/** Several ranges in one body (RFC 9110 14.6); the boundary is random, so that content cannot contain it on purpose. */
function answerMultipart(found: Representation, ranges: readonly ByteRange[]): LocalResponse | null {
  const boundary = randomBytes(18).toString('hex')
  const parts = ranges.flatMap((range, index): FilePart[] => [
    text(
      `${index === 0 ? '' : '\r\n'}--${boundary}\r\nContent-Type: ${found.mediaType}\r\n` +
        `Content-Range: ${contentRange(range, found)}\r\n\r\n`,
    ),
    sliceOf(range),
  ])
  const body = bodyOf(found, [...parts, text(`\r\n--${boundary}--\r\n`)])
  const rest = found.headers.filter(([name]) => name !== 'Content-Type')
  const type = ['Content-Type', `multipart/byteranges; boundary=${boundary}`] as const
  return body && { status: 206, headers: [type, ...rest], body }
}

const contentRange = ({ first, last }: ByteRange, { size }: Representation): string =>
  `bytes ${first}-${last}/${size}`

const sliceOf = ({ first, last }: ByteRange): FilePart => ({
  kind: 'slice',
  start: first,
  length: last - first + 1,
})

const text = (value: string): FilePart => ({ kind: 'bytes', bytes: Buffer.from(value) })

function bodyOf({ content }: Representation, parts: readonly FilePart[]): LocalBody | null {
  if (content.kind === 'disk') return fileOf(content, parts)
  const { body } = content.whole
  const bytes = parts.map((part) =>
    part.kind === 'bytes' ? part.bytes : body.subarray(part.start, part.start + part.length),
  )
  return { kind: 'bytes', bytes: bytes.length === 1 ? bytes[0]! : Buffer.concat(bytes) }
}

/** Null if the file on disk has changed since it was described. */
function fileOf(
  { path, stats }: Extract<Content, { kind: 'disk' }>,
  parts: readonly FilePart[],
): LocalBody | null {
  const fd = reopen(path, stats)
  return fd === null ? null : { kind: 'file', fd, parts }
}
