import { type CallSpec, errorsOf, nameOf } from '../contract/index.ts'
import { HttpError } from '../kernel/http-error.ts'

/** The API answered with something that its contract does not declare: a bug of the server, never of a client. */
export class ContractMismatch extends Error {
  override readonly name = 'ContractMismatch'
}

/** Compares answers and errors with the contract. Throws ContractMismatch. */
export interface AnswerCheck {
  answer(spec: CallSpec, value: unknown): void
  error(spec: CallSpec, error: unknown): void
}

/** For production: the tests have checked the answers already. */
export const UNCHECKED: AnswerCheck = { answer: () => {}, error: () => {} }

/** For tests and development. A field that the contract does not declare is a mismatch too: an answer must not leak it. */
export const CHECKED: AnswerCheck = {
  answer: (spec, value) => {
    if (spec.output.kind !== 'json') return
    // Undefined fields are not sent.
    const result = spec.output.schema.safeParse(JSON.parse(JSON.stringify(value ?? null)))
    if (result.success) return
    const issues = result.error.issues.map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`)
    throw new ContractMismatch(`${nameOf(spec)} broke its contract: ${issues.join('; ')}`)
  },
  error: (spec, error) => {
    if (!(error instanceof HttpError) || error.status >= 500) return
    if (error.code in errorsOf(spec)) return
    throw new ContractMismatch(
      `${nameOf(spec)} failed with "${error.code}" (${error.message}), which its contract does not declare`,
      { cause: error },
    )
  },
}
