import {
  CALLS,
  type CallSpec,
  errorAnswer,
  type ErrorCode,
  ERRORS,
  errorsOf,
  nameOf,
} from '../../contract/index.ts'

export type Answer =
  | ((
      | { readonly status?: number; readonly json: unknown; readonly headers?: Record<string, string> }
      /** `isCut`: the connection breaks after the text. */
      | { readonly status?: number; readonly text: string; readonly isCut?: boolean }
    ) & {
      /** Another server, or an older one: the answer is not checked against the contract. */
      readonly isForeign?: boolean
    })
  /** The connection ends without an answer. */
  | 'lost'

/** An error as the API answers with it. */
export const fakeError = (code: ErrorCode, detail: string) => ({
  status: ERRORS[code].status,
  json: { errors: [detail], detail, code },
})

type Sent = Exclude<Answer, 'lost'>

/** How an answer of the fake platform differs from what the API may answer; null when it does not. `key`: `GET /v0/apps`. */
export function mismatchOf(key: string, answer: Answer): string | null {
  if (answer === 'lost' || answer.isForeign) return null
  const spec = specOf(key)
  const problem = spec ? problemOf(spec, answer) : unknownCall(answer)
  return problem && `The fake platform answered ${key} against the contract: ${problem}`
}

const specOf = (key: string): CallSpec | undefined =>
  CALLS.find((spec) => patternOf(spec).test(key.replace(' /', ' /api/')))

const patternOf = (spec: CallSpec): RegExp =>
  new RegExp(`^${nameOf(spec).replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`)

const unknownCall = ({ status }: Sent): string | null => (status === 404 ? null : 'there is no such call')

function problemOf(spec: CallSpec, answer: Sent): string | null {
  const status = answer.status ?? 200
  if (status >= 400) return 'json' in answer ? errorProblem(spec, status, answer.json) : null
  const { output } = spec
  if (status !== output.status) return `the status is ${status}, not ${output.status}`
  if (output.kind !== 'json') return 'text' in answer ? null : `it is a ${output.kind}, not JSON`
  if (!('json' in answer)) return 'it is JSON, not text'
  const result = output.schema.safeParse(answer.json)
  return result.success ? null : issuesOf(result.error)
}

function errorProblem(spec: CallSpec, status: number, body: unknown): string | null {
  const result = errorAnswer.safeParse(body)
  if (!result.success) return issuesOf(result.error)
  const { code } = result.data
  if (ERRORS[code].status !== status) return `the status of ${code} is ${ERRORS[code].status}`
  return code in errorsOf(spec) || code === 'internal' || code === 'unavailable'
    ? null
    : `it never fails with ${code}`
}

const issuesOf = ({ issues }: { issues: readonly { path: PropertyKey[]; message: string }[] }): string =>
  issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; ')
