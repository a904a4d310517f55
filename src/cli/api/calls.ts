import { CliError } from '../failure.ts'
import { type Connection, type Query, exchange } from './connection.ts'
import { connectionFailure } from './failures.ts'

export const getJson = async <T>(connection: Connection, path: string, query?: Query): Promise<T> =>
  readJson<T>(connection, await exchange(connection, { method: 'GET', path, query }))

export const postJson = <T>(connection: Connection, path: string, value: unknown): Promise<T> =>
  sendJson<T>(connection, { method: 'POST', path }, value)

export const putJson = <T>(connection: Connection, path: string, value: unknown): Promise<T> =>
  sendJson<T>(connection, { method: 'PUT', path }, value)

async function sendJson<T>(
  connection: Connection,
  request: { readonly method: 'POST' | 'PUT'; readonly path: string },
  value: unknown,
): Promise<T> {
  // Without a type of its own, or the Blob would send one that we did not sign.
  const body = { contentType: 'application/json', data: new Blob([JSON.stringify(value)]) }
  return readJson<T>(connection, await exchange(connection, { ...request, body }))
}

/** The raw upload of a manifest, an icon or an archive (COMPAT 3.5). Answers the response's text. */
export async function upload(
  connection: Connection,
  path: string,
  body: { readonly contentType: string; readonly data: Blob },
  options: { readonly query?: Query; readonly onSent?: (sentBytes: number) => void } = {},
): Promise<string> {
  return await (await exchange(connection, { method: 'POST', path, body, ...options })).text()
}

export const remove = async (connection: Connection, path: string): Promise<void> => {
  await exchange(connection, { method: 'DELETE', path })
}

/** Lines of a log while it is being written; ends when the server ends it. Throws `connection_lost` when it is cut. */
export async function* followLines(connection: Connection, path: string): AsyncGenerator<string> {
  const response = await exchange(connection, { method: 'GET', path, query: { follow: true } })
  let rest = ''
  try {
    for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (cause) {
    throw connectionFailure(connection.server, cause)
  }
  if (rest) yield rest
}

async function readJson<T>(connection: Connection, response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch (cause) {
    throw new CliError('not_ownspace', `${connection.server.origin} gave an answer that is not JSON.`, {
      cause,
    })
  }
}
