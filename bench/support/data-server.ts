/** A server of documents that `bench/data.ts` compares. */
export interface DataServer {
  readonly name: string
  readonly pid: number
  /** Of the base: `/items`, `/query`. */
  readonly url: string
  readonly isPocketBase: boolean
  stop(): Promise<void>
}
