/** An answer other than 2xx. `message` is written for the person in front of the screen. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  constructor(
    readonly status: number,
    message: string,
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
    throw new ApiError(response.status, detailOf(answer) ?? `The server answered ${response.status}.`)
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
    throw new ApiError(0, 'Your Ownspace does not answer. Is it running?')
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function detailOf(answer: unknown): string | null {
  const detail = (answer as { detail?: unknown } | null)?.detail
  return typeof detail === 'string' ? detail : null
}
