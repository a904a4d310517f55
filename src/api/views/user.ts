import type * as contract from '../../contract/index.ts'
import type { User } from '../../people/index.ts'

/** A person, as the API shows it to that person. */
export const userAnswer = ({ id, username }: User): contract.User => ({ id, username })
