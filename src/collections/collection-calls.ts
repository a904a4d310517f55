import type { CollectionId } from '../kernel/ids.ts'

/** A call of Base or Drive for the owner of a collection, whose right was checked. */
export interface CollectionCall {
  readonly service: 'base' | 'drive'
  readonly collectionId: CollectionId
  /** Of the Base or Drive. */
  readonly name: string
  readonly method: string
  /** What follows the name, percent-encoded, with its query: `/items/a%2Fb`. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: BodyInit | null
  readonly signal?: AbortSignal
}

/** The process that opens collections. The answer is that of Base or Drive. Throws 503 while it does not run. */
export interface CollectionCalls {
  call(call: CollectionCall): Promise<Response>
}
