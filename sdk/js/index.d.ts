/** Base and Drive of an app, for Node, Bun, Deno and browsers. */

/** The collection that the key opens; in a micro the app's own, on a page of the app that of its session. */
export declare function Deta(projectKey?: string, options?: Options): Deta
/** `Deta().Base(name)`. */
export declare function Base<Data extends object = Json>(name: string): Base<Data>
/** `Deta().Drive(name)`. */
export declare function Drive(name: string): Drive

export interface Options {
  /** Where Bases are, `https://database.cloud.example.org`; by default what the app's environment says. */
  readonly database?: string
  /** Where Drives are, `https://drive.cloud.example.org`. */
  readonly drive?: string
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** `X-Space-Identity` of the request that the app answers; see `for`. */
  readonly identity?: string
}

export interface Deta {
  Base<Data extends object = Json>(name: string): Base<Data>
  Drive(name: string): Drive
  /**
   * The same collection while the app answers this request: with the limits that the owner has set for strangers.
   *
   * @example app.post('/guestbook', (request) => deta.for(request).Base('guestbook').put(request.body))
   */
  for(request: IncomingRequest): Deta
}

/** A request as Node, Express, Hono or `fetch` handlers have it. */
export interface IncomingRequest {
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
}

export type Json = { readonly [name: string]: unknown }
export type Item<Data> = Data & { readonly key: string }

export interface Expiry {
  /** Seconds from now. */
  readonly expireIn?: number
  /** A moment, or Unix seconds. */
  readonly expireAt?: Date | number
}

export interface PutOptions extends Expiry {
  readonly key?: string
}

/** `{ 'age?gte': 18, 'address.city': 'Bern' }`; conditions of one object hold together, of a list each by itself. */
export type Query = Json | readonly Json[]

export interface FetchOptions {
  readonly limit?: number
  /** The key after which to begin: `last` of the previous page. */
  readonly last?: string
  readonly desc?: boolean
}

export interface Page<Data> {
  readonly items: Item<Data>[]
  readonly count: number
  /** Missing on the last page. */
  readonly last?: string
}

export interface Base<Data extends object = Json> {
  /** Stores an item in place of one with the same key. Anything but an object is stored as `{ value }`. */
  put(data: Data, key?: string, options?: Expiry): Promise<Item<Data>>
  put<Value>(data: Value, key?: string, options?: Expiry): Promise<Item<{ value: Value }>>
  /** Stores up to 25 items at once. */
  putMany(
    items: readonly (Data | Item<Data>)[],
    options?: Expiry,
  ): Promise<{ processed: { items: Item<Data>[] } }>
  /** Like `put`; throws a DataError of status 409 when the key exists. */
  insert(data: Data, key?: string, options?: Expiry): Promise<Item<Data>>
  get(key: string): Promise<Item<Data> | null>
  delete(key: string): Promise<null>
  /** Changes attributes, `{ 'profile.age': 33, visits: base.util.increment() }`; throws (404) without such an item. */
  update(changes: Json, key: string, options?: Expiry): Promise<null>
  /** One page of the items that match, by key. */
  fetch(query?: Query, options?: FetchOptions): Promise<Page<Data>>
  /** All items that match, page by page. */
  items(query?: Query, options?: FetchOptions): AsyncGenerator<Item<Data>, void>
  readonly util: Util
}

/** Values of `update` that do more than replace an attribute. */
export interface Util {
  trim(): Change
  increment(by?: number): Change
  append(value: unknown): Change
  prepend(value: unknown): Change
}

/** Made by `util` alone. */
export interface Change {
  readonly operation: 'delete' | 'increment' | 'append' | 'prepend'
  readonly value: unknown
}

export type Content =
  string | Uint8Array<ArrayBuffer> | ArrayBuffer | Blob | AsyncIterable<Uint8Array<ArrayBuffer>>

export type PutFile =
  | { readonly data: Content; readonly contentType?: string }
  /** A file of this machine. */
  | { readonly path: string; readonly contentType?: string }

export interface ListOptions {
  readonly prefix?: string
  readonly limit?: number
  readonly last?: string
  /** `false`: what lies deeper is one entry that ends with `/`. */
  readonly recursive?: boolean
}

export interface Drive {
  /** Stores a file, in parts if it is large; it appears whole. Text is stored as UTF-8. */
  put(name: string, file: PutFile): Promise<string>
  get(name: string): Promise<Blob | null>
  /** The file as it arrives, for large ones. */
  stream(name: string): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | null>
  list(options?: ListOptions): Promise<{ names: string[]; paging?: { size: number; last: string } }>
  /** All names, page by page. */
  names(options?: ListOptions): AsyncGenerator<string, void>
  delete(name: string): Promise<string>
  deleteMany(names: readonly string[]): Promise<{ deleted: string[]; failed?: Record<string, string> }>
}

/** An answer that is no success; `message` is the server's own sentence. */
export declare class DataError extends Error {
  constructor(status: number, message: string)
  readonly status: number
}
