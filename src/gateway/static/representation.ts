import { createHash } from 'node:crypto'
import { readSync, type Stats } from 'node:fs'
import type { Coding } from './accept-encoding.ts'
import { isHashedName } from './hashed-name.ts'
import { isCompressible, mediaTypeOf } from './media-types.ts'

type Headers = readonly (readonly [name: string, value: string])[]

/** One file in one coding, with the headers that describe it (RFC 9110 8). Holds nothing open. */
export interface Representation {
  readonly coding: Coding | null
  readonly size: number
  /** Strong, with its quotes. */
  readonly etag: string
  /** Whole seconds; null if there is no Last-Modified. */
  readonly modifiedMs: number | null
  readonly mediaType: string
  /** Of the whole file, as a 200 has them; 206 and 304 send a choice of them. */
  readonly headers: Headers
  /** The same as they go out. */
  readonly headerLines: string
  readonly content: Content
}

export type Content =
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  /** To be opened again for every answer; `stats` tell whether it still is what was described. */
  | { readonly kind: 'disk'; readonly path: string; readonly stats: Stats }

/** Files up to this size are answered from memory. */
export const MAX_IN_MEMORY_BYTES = 1024 * 1024

/** Never `public`: a shared cache would go on answering after a route is made private again. */
const IMMUTABLE = 'private, max-age=31536000, immutable'
const REVALIDATE = 'private, no-cache'

export interface OpenFile {
  /** Absolute, with the coding's suffix. */
  readonly path: string
  readonly fd: number
  readonly stats: Stats
  /** Of the file that was asked for, without the suffix: type and caching are the same in every coding. */
  readonly relative: string
  readonly coding: Coding | null
}

/** Describes an open file, and reads it if it is small. */
export function representationOf(file: OpenFile, nowMs: number): Representation {
  const content = contentOf(file)
  const described = {
    coding: file.coding,
    size: content.kind === 'memory' ? content.bytes.length : file.stats.size,
    etag: etagOf(content),
    modifiedMs: modifiedMsOf(file.stats, nowMs),
    mediaType: mediaTypeOf(file.relative),
    content,
  }
  const headers = headersOf(described, isHashedName(file.relative))
  return {
    ...described,
    headers,
    headerLines: headers.map(([name, value]) => `${name}: ${value}\r\n`).join(''),
  }
}

function headersOf(described: Omit<Representation, 'headers' | 'headerLines'>, isHashed: boolean): Headers {
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

function contentOf({ path, fd, stats }: OpenFile): Content {
  if (stats.size > MAX_IN_MEMORY_BYTES) return { kind: 'disk', path, stats }
  const bytes = new Uint8Array(stats.size)
  let length = 0
  while (length < bytes.length) {
    const count = readSync(fd, bytes, length, bytes.length - length, length)
    if (count === 0) break
    length += count
  }
  return { kind: 'memory', bytes: bytes.subarray(0, length) }
}

/**
 * A file in memory is named by its bytes: exact, and the same across revisions, so that a push invalidates only what
 * it changed. Reading a large file for that would delay its first byte; it is named by what the kernel changes with
 * every write and nobody can set back, ctime and inode.
 */
function etagOf(content: Content): string {
  const hash = createHash('sha256')
  if (content.kind === 'memory') hash.update(content.bytes)
  else {
    const { ino, size, mtimeMs, ctimeMs } = content.stats
    hash.update(`${ino} ${size} ${mtimeMs} ${ctimeMs}`)
  }
  return `"${hash.digest('base64url').slice(0, 22)}"`
}

/** None for a date yet to come, which must not be sent (RFC 9110 8.8.2.1). */
function modifiedMsOf(stats: Stats, nowMs: number): number | null {
  const ms = Math.floor(stats.mtimeMs / 1000) * 1000
  return ms > nowMs ? null : ms
}
