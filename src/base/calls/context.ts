import type { DocumentStore } from '../documents.ts'
import type { BaseLimits } from '../limits.ts'
import type { Turns } from '../../kernel/turns.ts'

/** What a call needs: where, of which collection and base, and with which limits. */
export interface CallContext {
  readonly store: DocumentStore
  readonly limits: BaseLimits
  readonly turns: Turns
  readonly collectionId: string
  /** As it is stored. */
  readonly base: string
  readonly request: Request
}
