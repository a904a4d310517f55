/**
 * Answers that the gateway makes by itself: static files and its own pages. Whoever answers sees a small view of
 * the request and returns a value; the connection loop does the rest: Content-Length from the body, Date and
 * Connection, no body for HEAD, back-pressure, and closing the file whatever happens.
 */
import type { PrebuiltResponse } from './prebuilt-response.ts'

/** What `static/` and `pages/` may know of a request. */
export interface LocalRequest {
  /** As sent, case-sensitive. For HEAD answer as for GET: the body is dropped when it is sent. */
  readonly method: string
  /** The path below the mount as it was judged, still percent-encoded, without the query; begins with `/`. */
  readonly path: string
  /** With its `?`, or the empty string. */
  readonly query: string
  /** Value of a header by its lower-case name, repeated fields joined with `, `; null if there is none. */
  header(name: string): string | null
}

export interface LocalResponse {
  /** 200 to 599. */
  readonly status: number
  /** Sent in this order and spelling; without Content-Length (unless for a `none` body), Date and Connection. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** `headers` as they go out, each line with its CRLF, from those who have them at hand: joining them costs 2 µs. */
  readonly headerLines?: string
  /** Lines beyond those, each with its CRLF, which depend on who asks. */
  readonly moreLines?: string
  readonly body: LocalBody
  /** All but `moreLines` as it goes out, from those who send it often. */
  readonly prebuilt?: PrebuiltResponse
}

export type LocalBody =
  /** No body and no Content-Length: 204 and 304. Elsewhere `bytes` with an empty array says "empty". */
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** An open file, so that what is sent is what was looked at. From now on the gateway owns `fd` and closes it. */
  | { readonly kind: 'file'; readonly fd: number; readonly parts: readonly FilePart[] }

/** Sent one after the other: several ranges are slices between the bytes of their multipart heads. */
export type FilePart =
  | { readonly kind: 'slice'; readonly start: number; readonly length: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
