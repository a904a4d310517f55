import type { UserId } from '../kernel/ids.ts'

/** Rows of people. Times are Unix milliseconds. */
export interface PeopleTables {
  /** At most one row, which outlives the owner: set-up never opens twice. */
  setup: { only: 1; done_at_ms: number; owner_id: UserId | null }
  users: {
    id: UserId
    /** Lower case, as is `email`, so that their unique indexes ignore case. */
    username: string
    email: string | null
    password_hash: string
    created_at_ms: number
  }
}
