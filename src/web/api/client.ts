import type { ApiAnswer, ApiCallName, ApiInput } from '../../contract/index.ts'

/** A response other than 2xx. `message` is written for the user. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  constructor(
    readonly status: number,
    message: string,
    /** For programs: `in_use`, `conflict`. */
    readonly code: string | null = null,
  ) {
    super(message)
  }
}

/** What any call may be given; which call takes what is checked where it is made. */
interface AnyInput {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/**
 * Makes a call of the API with the session cookie. Throws ApiError, also when the server cannot be reached.
 *
 * @example await api('GET /instances/:id/logs', { params: { id }, query: { limit: 300 } })
 */
export async function api<Name extends ApiCallName>(
  name: Name,
  ...[input]: ApiInput<Name>
): Promise<ApiAnswer<Name>> {
  const response = await send(name, (input ?? {}) as AnyInput)
  const text = await response.text()
  const answer = text ? parse(text) : null
  if (!response.ok)
    throw new ApiError(
      response.status,
      textOf(answer, 'detail') ?? `The server responded with status ${response.status}.`,
      textOf(answer, 'code'),
    )
  return answer as ApiAnswer<Name>
}

async function send(name: ApiCallName, { params = {}, query = {}, body }: AnyInput): Promise<Response> {
  const [method, path = ''] = name.split(' ', 2)
  const filled = path.replace(/:(\w+)/g, (_, param: string) => encodeURIComponent(params[param]!))
  try {
    return await fetch(`/api/v0${filled}${searchOf(query)}`, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw new ApiError(0, 'The server does not respond. Check that Ownspace is running.')
  }
}

function searchOf(query: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)]))
  return given.length === 0 ? '' : `?${search}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function textOf(answer: unknown, name: 'detail' | 'code'): string | null {
  const text = (answer as Record<string, unknown> | null)?.[name]
  return typeof text === 'string' ? text : null
}
