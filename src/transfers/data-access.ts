import type { DataClient } from '../data/index.ts'
import { HttpError } from '../kernel/http-error.ts'

/** What transfers use of the data process. */
export type DataAccess = Pick<DataClient, 'names' | 'call' | 'move'>

/** The first text of an error of Base or Drive. */
export async function messageOf(answer: Response): Promise<string> {
  const body = (await answer.json().catch(() => null)) as { errors?: readonly string[] } | null
  return body?.errors?.[0] ?? `status ${answer.status}`
}

/** The answer, unless it is an error. Throws HttpError: 507 and 503 as they are, others as 500. */
export async function requireOk(answer: Response, what: string): Promise<Response> {
  if (answer.ok) return answer
  throw await failureOf(answer, what)
}

export async function failureOf(answer: Response, what: string): Promise<HttpError> {
  const text = `${what}: ${await messageOf(answer)}`
  if (answer.status === 507) return new HttpError(507, 'no_space', text)
  if ([429, 503].includes(answer.status)) return new HttpError(503, 'unavailable', text)
  return new HttpError(500, 'internal', text)
}
