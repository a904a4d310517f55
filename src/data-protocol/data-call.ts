import type { Soon } from '../kernel/soon.ts'

/** A call of Base or Drive, after its data key or session was checked. */
export interface DataCall {
  /** For its method, headers and body. Its URL is not to be read: `path` and `query` are what was received. */
  readonly request: Request
  /** What a data key has before its `_`. `[a-z0-9]+`, so it can name a folder. */
  readonly collectionId: string
  /** Name of the Base or Drive, decoded once. */
  readonly name: string
  /** What follows the name, still percent-encoded, with its leading `/`: `/items/a%2Fb`. */
  readonly path: string
  /** Without the `?`; empty: none. */
  readonly query: string
  /** False: answer calls that change something with `readOnly()`. */
  readonly mayWrite: boolean
}

/** Base or Drive, over all collections of this server. Disposing waits for running calls and closes all files. */
export interface DataService extends AsyncDisposable {
  /** Never throws or rejects: failures are answers of COMPAT's shape. */
  handle(call: DataCall): Soon<Response>
  /** Names in use, in byte order. */
  names(collectionId: string): Promise<string[]>
  /** Bytes that the collection takes up. */
  size(collectionId: string): Promise<number>
  /**
   * Writes a consistent copy into `folder`, which exists and is empty, while calls go on. What was acknowledged before
   * the call is in the copy.
   */
  copyTo(collectionId: string, folder: string): Promise<void>
  /** Waits for running calls and closes the files; later calls open them again. For moving and deleting a collection. */
  close(collectionId: string): Promise<void>
}
