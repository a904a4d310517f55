import type { ApiAnswer, ApiCallName, ApiInput } from '../../contract/index.ts'
import { CliError } from '../failure.ts'
import { type Body, type Connection, type Exchange, type Query, exchange, readText } from './connection.ts'
import { connectionFailure } from './failures.ts'

/** A log without a new line for this long is asked for again: a connection may break without a word. */
const LOG_IDLE_MS = 60_000

/** Options of any call. */
interface CallOptions extends Pick<Exchange, 'isRepeatable'> {}

type CallInput<Name extends ApiCallName> =
  ApiInput<Name> extends [infer Input] ? [input: Input & CallOptions] : [options?: CallOptions]

/** The input of any call; `CallInput` checks it where the call is made. */
interface AnyInput extends CallOptions {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Query
  readonly body?: unknown
}

/**
 * Makes a call of the contract that answers with JSON, or with nothing. Throws CliError.
 *
 * @example await api(connection, 'GET /apps/:id', { params: { id } })
 */
export async function api<Name extends ApiCallName>(
  connection: Connection,
  name: Name,
  ...[input]: CallInput<Name>
): Promise<ApiAnswer<Name>> {
  const { params, body, ...options } = (input ?? {}) as AnyInput
  const { method, path } = addressOf(name, params)
  const request = {
    ...options,
    method,
    path,
    ...(body !== undefined && { body: jsonBody(body) }),
  }
  return await exchange(connection, request, (response) => readJson<ApiAnswer<Name>>(connection, response))
}

/** `GET /apps/:id` as the method and the path below the root of the server. */
export function addressOf(
  name: ApiCallName,
  params: Readonly<Record<string, string>> = {},
): Pick<Exchange, 'method' | 'path'> {
  const [method, path = ''] = name.split(' ', 2)
  const filled = path.replace(/:(\w+)/g, (_, param: string) => encodeURIComponent(params[param]!))
  return { method: method as Exchange['method'], path: `/v0${filled}` }
}

/** A Blob without a type, because fetch would send the type and the signature does not cover it. */
const jsonBody = (value: unknown): Body => ({
  contentType: 'application/json',
  data: new Blob([JSON.stringify(value)]),
})

export interface Upload extends Pick<Exchange, 'query' | 'isRepeatable' | 'onSent'> {
  readonly contentType: string
  readonly data: Blob
}

/** A call that takes a part of a push. */
export type UploadName = Extract<ApiCallName, `POST /builds/:id/${string}`>

/** Uploads a manifest, an icon or an archive as it is (COMPAT 3.5). Returns the text of the response. */
export async function upload(
  connection: Connection,
  name: UploadName,
  { id, contentType, data, ...options }: Upload & { readonly id: string },
): Promise<string> {
  const request = { ...addressOf(name, { id }), body: { contentType, data }, ...options }
  return await exchange(connection, request, (response) => readText(connection.server, response))
}

/** A call that answers with a log while it is being written. */
export type LogName = `GET /${'builds' | 'promotions' | 'installations'}/:id/logs` & ApiCallName

/**
 * Lines of a log while it is being written; ends when the server ends it, or when nothing came for a minute. Throws
 * `connection_lost` when it is cut.
 */
export async function* followLines(
  connection: Connection,
  name: LogName,
  id: string,
): AsyncGenerator<string> {
  const idle = new AbortController()
  const request = { ...addressOf(name, { id }), query: { follow: true }, signal: idle.signal }
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
