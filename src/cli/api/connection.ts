import { setTimeout as delay } from 'node:timers/promises'
import { CliError } from '../failure.ts'
import { CLI_VERSION, PLATFORM } from '../version.ts'
import { type AccessToken, queryString, signRequest } from './sign.ts'
import type { Server } from './server.ts'
import { connectionFailure, isOtherName, otherName, refusal } from './failures.ts'

export type Query = Readonly<Record<string, string | number | boolean | undefined>>

export interface Body {
  readonly contentType: string
  readonly data: Blob
}

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the root: `/v0/builds`. */
  readonly path: string
  readonly query?: Query
  readonly body?: Body
  /** Called while the body goes out. */
  readonly onSent?: (sentBytes: number) => void
}

/** A server that has answered, how far its clock is from ours, and the token to sign with. */
export interface Connection {
  readonly server: Server
  readonly token: AccessToken | null
  /** Server's clock minus ours. */
  readonly clockShiftSeconds: number
}

/**
 * Asks the server for its time (COMPAT 3.4): proves that something answers, that it is Ownspace, and by how much the
 * clocks differ, because a signature is only good for a few minutes. Throws `no_server`, `not_home` and `not_ownspace`.
 */
export async function connect(server: Server, token: AccessToken | null): Promise<Connection> {
  const response = await send(server, { method: 'GET', path: '/v0/time' }, {})
  if (isOtherName(response)) throw otherName(server)
  const text = (await response.text()).trim()
  if (!response.ok || !/^\d+$/.test(text)) {
    throw new CliError('not_ownspace', `${server.origin} answers, but it is not Ownspace.`, {
      hints: ['Name the address of your server: --server http://localhost:7070'],
    })
  }
  return { server, token, clockShiftSeconds: Number(text) - nowSeconds() }
}

/** One request, signed when there is a token. Resolves with a 2xx answer; throws CliError for any other. */
export async function exchange(connection: Connection, request: Exchange): Promise<Response> {
  const { server, token } = connection
  const sendSigned = async () => await send(server, request, await signatureHeaders(connection, request))
  let response = await sendSigned()
  // Signatures count whole seconds, and a server takes each only once: the same change made twice within a second,
  // as by a script, has to be signed again in the next one.
  if (response.status === 401 && token && request.method !== 'GET') {
    await delay(1000 - (Date.now() % 1000))
    response = await sendSigned()
  }
  if (response.ok) return response
  throw await refusal(server, response, token !== null)
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

async function send(server: Server, request: Exchange, headers: Record<string, string>): Promise<Response> {
  const { method, body } = request
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
      // A build may be silent for longer than any bound that would suit every app; Ctrl-C is the bound.
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
