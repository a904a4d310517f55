import { CliError } from '../failure.ts'
import {
  ANSWER_TIMEOUT_MS,
  type Connection,
  type Exchange,
  type Query,
  exchange,
  readText,
} from './connection.ts'
import { connectionFailure } from './failures.ts'

/** A log without a new line for this long is asked for again: a connection may break without a word. */
const LOG_IDLE_MS = 60_000

export const getJson = async <T>(connection: Connection, path: string, query?: Query): Promise<T> =>
  await exchange(connection, { method: 'GET', path, query, timeoutMs: ANSWER_TIMEOUT_MS }, async (response) =>
    readJson<T>(connection, response),
  )

export const postJson = <T>(
  connection: Connection,
  path: string,
  value: unknown,
  options: Pick<Exchange, 'isRepeatable'> = {},
): Promise<T> => sendJson<T>(connection, { method: 'POST', path, ...options }, value)

export const putJson = <T>(connection: Connection, path: string, value: unknown): Promise<T> =>
  sendJson<T>(connection, { method: 'PUT', path }, value)

async function sendJson<T>(
  connection: Connection,
  request: Pick<Exchange, 'method' | 'path' | 'isRepeatable'>,
  value: unknown,
): Promise<T> {
  // A Blob without a type, because fetch would send the type and the signature does not cover it.
  const body = { contentType: 'application/json', data: new Blob([JSON.stringify(value)]) }
  return await exchange(connection, { ...request, body }, async (response) =>
    readJson<T>(connection, response),
  )
}

export interface Upload extends Pick<Exchange, 'query' | 'isRepeatable' | 'onSent'> {
  readonly contentType: string
  readonly data: Blob
}

/** The raw upload of a manifest, an icon or an archive (COMPAT 3.5). Answers the response's text. */
export async function upload(
  connection: Connection,
  path: string,
  { contentType, data, ...options }: Upload,
): Promise<string> {
  const request = { method: 'POST', path, body: { contentType, data }, ...options } as const
  return await exchange(connection, request, (response) => readText(connection.server, response))
}

export const remove = async (connection: Connection, path: string): Promise<void> => {
  await exchange(connection, { method: 'DELETE', path }, async () => {})
}

/**
 * Lines of a log while it is being written; ends when the server ends it, or when nothing came for a minute. Throws
 * `connection_lost` when it is cut.
 */
export async function* followLines(connection: Connection, path: string): AsyncGenerator<string> {
  const idle = new AbortController()
  const request = { method: 'GET', path, query: { follow: true }, signal: idle.signal } as const
  const timer = setTimeout(() => idle.abort(), LOG_IDLE_MS)
  let rest = ''
  try {
    const response = await exchange(connection, request, async (answer) => answer)
    for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
      timer.refresh()
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      yield* lines
    }
  } catch (cause) {
    if (idle.signal.aborted) return
    throw cause instanceof CliError ? cause : connectionFailure(connection.server, cause)
  } finally {
    clearTimeout(timer)
  }
  if (rest) yield rest
}

async function readJson<T>({ server }: Connection, response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  const text = await readText(server, response)
  try {
    return JSON.parse(text) as T
  } catch (cause) {
    throw new CliError('not_ownspace', `${server.origin} sent an answer that is not JSON.`, { cause })
  }
}
