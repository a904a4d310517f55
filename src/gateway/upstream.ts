import type { WakeResult } from '../directory/index.ts'
import type { Address } from '../wire/index.ts'
import type { ResponseSource } from './response-headers.ts'

/** Where a request is forwarded to. */
export interface Upstream {
  readonly source: ResponseSource
  /** null: it sleeps, and `wake` tells where it is. */
  readonly address: Address | null
  /** Null for an upstream that cannot be woken: the platform. */
  readonly wake: (() => Promise<WakeResult>) | null
}
