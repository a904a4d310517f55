/**
 * Answers of the gateway itself: static files and its own pages. A function that answers gets a small view of the
 * request and returns a value; the connection does the rest: Content-Length from the body, Date and Connection, no body
 * for HEAD, back-pressure, and closing the file.
 */
import type { PrebuiltResponse } from './prebuilt-response.ts'

/** What `static/` and `pages/` may know of a request. */
export interface LocalRequest {
  /** As sent, case-sensitive. Answer HEAD like GET: the body is dropped when the answer is sent. */
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
  /** `headers` as prepared lines, each with its CRLF: joining them at each answer costs 2 µs. */
  readonly headerLines?: string
  /** Further lines, each with its CRLF, which depend on the client. */
  readonly moreLines?: string
  readonly body: LocalBody
  /** The whole answer except `moreLines`, prepared because it is sent often. */
  readonly prebuilt?: PrebuiltResponse
}

export type LocalBody =
  /** No body and no Content-Length: 204 and 304. An empty body is `bytes` with an empty array. */
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** An open file, so that what is sent is what was checked. The gateway then owns `fd` and closes it. */
  | { readonly kind: 'file'; readonly fd: number; readonly parts: readonly FilePart[] }

/** Sent one after the other: several ranges are slices between the bytes of their multipart heads. */
export type FilePart =
  | { readonly kind: 'slice'; readonly start: number; readonly length: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
