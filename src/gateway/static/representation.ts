import { createHash } from 'node:crypto'
import { readSync, type Stats } from 'node:fs'
import { HEAD_ROOM_BYTES, PrebuiltResponse } from '../respond/prebuilt-response.ts'
import type { Coding } from './accept-encoding.ts'
import { isHashedName } from './hashed-name.ts'
import { isCompressible, mediaTypeOf } from './media-types.ts'

type Headers = readonly (readonly [name: string, value: string])[]

/** One file in one coding, with the headers that describe it (RFC 9110 8). Holds no open file. */
export interface Representation {
  readonly coding: Coding | null
  readonly size: number
  /** Strong, with its quotes. */
  readonly etag: string
  /** Whole seconds; null if there is no Last-Modified. */
  readonly modifiedMs: number | null
  readonly mediaType: string
  /** Headers of a 200 with the whole file; 206 and 304 send a subset. */
  readonly headers: Headers
  /** The same headers as lines. */
  readonly headerLines: string
  readonly content: Content
}

type Described = Omit<Representation, 'headers' | 'headerLines' | 'content'>

export type Content =
  | { readonly kind: 'memory'; readonly whole: PrebuiltResponse }
  /** Opened again for every answer; `stats` show whether it has changed since it was described. */
  | { readonly kind: 'disk'; readonly path: string; readonly stats: Stats }

/** Files up to this size are served from memory. */
export const MAX_IN_MEMORY_BYTES = 1024 * 1024

/** Never `public`: a shared cache would still answer after a route has become private again. */
const IMMUTABLE = 'private, max-age=31536000, immutable'
const REVALIDATE = 'private, no-cache'

export interface OpenFile {
  /** Absolute, with the coding's suffix. */
  readonly path: string
  readonly fd: number
  readonly stats: Stats
  /** The requested file, without the suffix: type and caching are the same in every coding. */
  readonly relative: string
  readonly coding: Coding | null
}

/** Describes an open file, and reads it if it is small. */
export function representationOf(file: OpenFile, nowMs: number): Representation {
  const { path, stats, relative, coding } = file
  const origin = { relative, coding, modifiedMs: modifiedMsOf(stats, nowMs) }
  if (stats.size <= MAX_IN_MEMORY_BYTES) return representationInMemory(readBehindRoom(file), origin)
  const described = describe(origin, stats.size, stateOf(stats))
  return { ...described, content: { kind: 'disk', path, stats } }
}

export type Origin = Pick<OpenFile, 'relative' | 'coding'> & Pick<Representation, 'modifiedMs'>

/** `memory`: room for a head (`HEAD_ROOM_BYTES`), then the content. The representation owns it. */
export function representationInMemory(memory: Buffer, origin: Origin): Representation {
  const content = memory.subarray(HEAD_ROOM_BYTES)
  const described = describe(origin, content.length, content)
  return {
    ...described,
    content: { kind: 'memory', whole: new PrebuiltResponse(memory, described.headerLines) },
  }
}

function describe(
  { relative, coding, modifiedMs }: Origin,
  size: number,
  named: Uint8Array | string,
): Omit<Representation, 'content'> {
  const described = { coding, size, etag: etagOf(named), modifiedMs, mediaType: mediaTypeOf(relative) }
  const headers = headersOf(described, isHashedName(relative))
  const headerLines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return { ...described, headers, headerLines }
}

function headersOf(described: Described, isHashed: boolean): Headers {
  const { coding, etag, modifiedMs, mediaType } = described
  const headers: [string, string][] = [['Content-Type', mediaType]]
  if (coding !== null) headers.push(['Content-Encoding', coding])
  headers.push(['ETag', etag])
  if (modifiedMs !== null) headers.push(['Last-Modified', new Date(modifiedMs).toUTCString()])
  headers.push(['Cache-Control', isHashed ? IMMUTABLE : REVALIDATE])
  if (isCompressible(mediaType)) headers.push(['Vary', 'Accept-Encoding'])
  headers.push(['Accept-Ranges', 'bytes'], ['X-Content-Type-Options', 'nosniff'])
  return headers
}

/** The file's content at its current length, with room for a head before it. */
function readBehindRoom({ fd, stats }: OpenFile): Buffer {
  const memory = Buffer.allocUnsafeSlow(HEAD_ROOM_BYTES + stats.size)
  let end = HEAD_ROOM_BYTES
  while (end < memory.length) {
    const count = readSync(fd, memory, end, memory.length - end, end - HEAD_ROOM_BYTES)
    if (count === 0) break
    end += count
  }
  return memory.subarray(0, end)
}

/**
 * The ETag of a file in memory is a hash of its bytes: exact, and the same across revisions, so that a push invalidates
 * only what it changed. Hashing a large file would delay its first byte; its ETag is made from its state.
 */
const etagOf = (named: Uint8Array | string): string =>
  `"${createHash('sha256').update(named).digest('base64url').slice(0, 22)}"`

/** Values that the kernel changes with every write and that cannot be set back, such as ctime and inode. */
const stateOf = ({ ino, size, mtimeMs, ctimeMs }: Stats): string => `${ino} ${size} ${mtimeMs} ${ctimeMs}`

/** None for a future date, which must not be sent (RFC 9110 8.8.2.1). */
function modifiedMsOf(stats: Stats, nowMs: number): number | null {
  const ms = Math.floor(stats.mtimeMs / 1000) * 1000
  return ms > nowMs ? null : ms
}
