import { type CallSpec, errorsOf, nameOf } from '../contract/index.ts'
import { HttpError } from '../kernel/http-error.ts'

/** The API answered with something that its contract does not declare. A fault of ours, never of a client. */
export class ContractMismatch extends Error {
  override readonly name = 'ContractMismatch'
}

/** Compares what is answered with the contract. Throws ContractMismatch. */
export interface AnswerCheck {
  answer(spec: CallSpec, value: unknown): void
  error(spec: CallSpec, error: unknown): void
}

/** Production: what the tests have checked is not checked for each client again. */
export const UNCHECKED: AnswerCheck = { answer: () => {}, error: () => {} }

/** Tests and development. Fields that the contract does not declare are a mismatch too: an answer must not leak them. */
export const CHECKED: AnswerCheck = {
  answer: (spec, value) => {
    if (spec.output.kind !== 'json') return
    // Undefined fields are not sent.
    const result = spec.output.schema.safeParse(JSON.parse(JSON.stringify(value ?? null)))
    if (result.success) return
    const issues = result.error.issues.map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`)
    throw new ContractMismatch(`${nameOf(spec)} answered against its contract: ${issues.join('; ')}`)
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
