import type { Grant } from '../../access/index.ts'
import type { HeadWriter, RequestHead } from '../../wire/index.ts'
import type { HeaderCache } from '../headers/header-cache.ts'
import type { ClientPort } from './client-port.ts'
import { ResponseWriter } from './response-writer.ts'

/** One request and its response, as the steps see it. */
export interface Exchange {
  readonly request: RequestHead
  /** Names the request in logs, on error pages and to the micro. */
  readonly id: string
  readonly client: ClientPort
  readonly response: ResponseWriter
  readonly headerCache: HeaderCache
  /** The right that admitted the request, checked again when rights are revoked. Null: a right that cannot be revoked. */
  grant: Grant | null
  /** Origin of a page of another site that may read the answer, from an upstream or from us. Null: none. */
  readableBy: string | null
}

export const newExchange = (
  client: ClientPort,
  request: RequestHead,
  headerCache: HeaderCache,
  { out, newRequestId }: { readonly out: HeadWriter; newRequestId(): string },
): Exchange => ({
  request,
  id: newRequestId(),
  client,
  response: new ResponseWriter(client.connection, request, out),
  headerCache,
  grant: null,
  readableBy: null,
})
