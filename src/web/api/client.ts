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

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Calls `/api/v0<path>` with the session cookie; throws ApiError, also when the server cannot be reached. */
export async function api<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const response = await send(method, path, body)
  const text = await response.text()
  const answer = text ? parse(text) : null
  if (!response.ok)
    throw new ApiError(
      response.status,
      textOf(answer, 'detail') ?? `The server responded with status ${response.status}.`,
      textOf(answer, 'code'),
    )
  return answer as T
}

async function send(method: Method, path: string, body: unknown): Promise<Response> {
  try {
    return await fetch(`/api/v0${path}`, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch {
    throw new ApiError(0, 'The server does not respond. Check that Ownspace is running.')
  }
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
