import type * as contract from '../../contract/index.ts'
import type { User } from '../../people/index.ts'

/** A person, as the API shows them to themselves. */
export const userAnswer = ({ id, username }: User): contract.User => ({ id, username })
