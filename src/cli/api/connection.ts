import { setTimeout as delay } from 'node:timers/promises'
import type { Method } from '../../contract/index.ts'
import { CliError } from '../failure.ts'
import { CLI_VERSION, PLATFORM } from '../version.ts'
import { connectionFailure, isOtherName, otherName, readError, refusal } from './failures.ts'
import type { Patience } from './patience.ts'
import { type FailedAttempt, mayRetry } from './retry.ts'
import type { Server } from './server.ts'
import { type AccessToken, queryString, signRequest } from './sign.ts'

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface Body {
  readonly contentType: string
  readonly data: Blob
}

export interface Exchange {
  readonly method: Method
  /** Below the root: `/v0/builds`. */
  readonly path: string
  readonly query?: Query
  readonly body?: Body
  /** Sending it twice does what sending it once does. Default: only GET and PUT. */
  readonly isRepeatable?: boolean
  /** Ends the request, and all attempts at it, in place of the time for an answer. */
  readonly signal?: AbortSignal
  /** Called while the body goes out. */
  readonly onSent?: (sentBytes: number) => void
}

/** A server that has answered, how far its clock is from ours, and the token to sign with. */
export interface Connection {
  readonly server: Server
  readonly token: AccessToken | null
  /** Server's clock minus ours. */
  readonly clockShiftSeconds: number
  readonly patience: Patience
}

/**
 * Asks the server for its time (COMPAT 3.4): proves that something answers, that it is Ownspace, and by how much the
 * clocks differ, because a signature is only good for a few minutes. Waits for a server that is starting. Throws
 * `no_server`, `unavailable`, `not_home` and `not_ownspace`.
 */
export async function connect(
  server: Server,
  token: AccessToken | null,
  patience: Patience,
): Promise<Connection> {
  const request = { method: 'GET', path: '/v0/time' } as const
  for (;;) {
    const response = await send({ server, patience }, request, {})
    if (isOtherName(response)) throw otherName(server)
    const text = (await readText(server, response)).trim()
    if (response.ok && /^\d+$/.test(text)) {
      patience.reset()
      return { server, token, clockShiftSeconds: Number(text) - nowSeconds(), patience }
    }
    const error = OUTAGE_STATUSES.includes(response.status)
      ? unavailable(server, response.status)
      : notOwnspace(server)
    if (!(await mayRetry({ server, patience }, { error, response }, true))) throw error
  }
}

/** A body may take the time that it takes at this rate, besides the time for the answer. */
const SLOWEST_UPLOAD_BYTES_PER_MS = 10
const OUTAGE_STATUSES = [502, 503, 504]

/** Also what a proxy in front of a server answers while the server restarts. */
const unavailable = ({ origin }: Server, status: number, reason: string | null = null) =>
  new CliError('unavailable', `The server at ${origin} is not available (status ${status}).`, {
    details: reason ? [reason] : [],
    hints: ['It may be starting. If this does not change, look at its log.'],
  })

const notOwnspace = ({ origin }: Server) =>
  new CliError('not_ownspace', `${origin} answers, but it is not Ownspace.`, {
    hints: ['Give the address of your server: --server http://localhost:7070'],
  })

/**
 * One request, signed when there is a token, and what `read` makes of its 2xx answer. Sent again while the server
 * restarts or limits calls (see `mayRetry`). Throws CliError for anything else.
 */
export async function exchange<T>(
  connection: Connection,
  request: Exchange,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const isRepeatable = request.isRepeatable ?? ['GET', 'PUT'].includes(request.method)
  for (;;) {
    const result = await attempt(connection, request, read)
    if ('value' in result) {
      connection.patience.reset()
      return result.value
    }
    if (request.signal?.aborted || !(await mayRetry(connection, result, isRepeatable))) throw result.error
  }
}

async function attempt<T>(
  connection: Connection,
  request: Exchange,
  read: (response: Response) => Promise<T>,
): Promise<FailedAttempt | { readonly value: T }> {
  const { server, token } = connection
  try {
    const response = await sendSigned(connection, request)
    if (response.ok) return { value: await read(response) }
    return { response, error: await failureOf(server, response, token !== null) }
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    return { response: null, error }
  }
}

async function failureOf(server: Server, response: Response, isSigned: boolean): Promise<CliError> {
  if (!OUTAGE_STATUSES.includes(response.status)) return await refusal(server, response, isSigned)
  return unavailable(server, response.status, (await readError(response)).message)
}

async function sendSigned(connection: Connection, request: Exchange): Promise<Response> {
  const { token } = connection
  const once = async () => await send(connection, request, await signatureHeaders(connection, request))
  const response = await once()
  // Signatures count whole seconds, and a server accepts each only once: the same change made twice within a second,
  // as by a script, has to be signed again in the next second.
  if (response.status !== 401 || !token || request.method === 'GET') return response
  await delay(1000 - (Date.now() % 1000))
  return await once()
}

/** The whole body as text. Throws `connection_lost`. */
export async function readText(server: Server, response: Response): Promise<string> {
  try {
    return await response.text()
  } catch (error) {
    throw connectionFailure(server, error)
  }
}

async function signatureHeaders(connection: Connection, request: Exchange): Promise<Record<string, string>> {
  const { server, token, clockShiftSeconds } = connection
  if (!token) return {}
  const timestampSeconds = nowSeconds() + clockShiftSeconds
  const { pathname } = new URL(server.root)
  const signature = await signRequest(token, {
    method: request.method,
    uri: `${pathname}${request.path}${queryString(request.query ?? {})}`,
    timestampSeconds,
    body: request.body ?? null,
  })
  return { 'X-Deta-Timestamp': String(timestampSeconds), 'X-Deta-Signature': signature }
}

async function send(
  { server, patience }: Pick<Connection, 'server' | 'patience'>,
  request: Exchange,
  headers: Record<string, string>,
): Promise<Response> {
  const { method, body } = request
  const limitMs = patience.answerMs + (body?.data.size ?? 0) / SLOWEST_UPLOAD_BYTES_PER_MS
  try {
    return await fetch(`${server.root}${request.path}${queryString(request.query ?? {})}`, {
      method,
      headers: {
        ...headers,
        Accept: 'application/json, text/plain',
        'X-Space-Client': `cli/${CLI_VERSION} ${PLATFORM}`,
        ...(body ? { 'Content-Type': body.contentType, 'Content-Length': String(body.data.size) } : {}),
      },
      body: body ? outgoing(body.data, request.onSent) : undefined,
      redirect: 'manual',
      signal: request.signal ?? AbortSignal.timeout(limitMs),
      // Bun's own limit would end an upload.
      timeout: false,
      // A proxy from the environment cannot reach this machine's own loopback.
      ...(server.isLoopback ? { proxy: false } : {}),
    })
  } catch (error) {
    throw connectionFailure(server, error)
  }
}

function outgoing(data: Blob, onSent: Exchange['onSent']): ReadableStream<Uint8Array> | Blob {
  if (!onSent) return data
  let sentBytes = 0
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      sentBytes += chunk.byteLength
      onSent(sentBytes)
      controller.enqueue(chunk)
    },
  })
  return data.stream().pipeThrough(counter)
}

const nowSeconds = () => Math.floor(Date.now() / 1000)
