import type { ApiCallName } from '../../contract/index.ts'
import { CliError } from '../failure.ts'
import { addressOf } from './calls.ts'
import { type Body, type Connection, type Exchange, exchange } from './connection.ts'
import { connectionFailure } from './failures.ts'

export interface StreamCall extends Pick<Exchange, 'query' | 'onSent'> {
  readonly params?: Readonly<Record<string, string>>
  readonly body?: Body
}

/** The server may copy a database before the next byte. */
const ANSWERS_OF_PATIENCE = 10

/**
 * The bytes that a call answers with while the server makes them. Ends with `connection_lost` when none came for ten
 * times as long as an answer may take (`SPACE_ANSWER_SECONDS`). A stream that the server cut short may look complete: check what was received.
 */
export async function* streamBytes(
  connection: Connection,
  name: ApiCallName,
  { params, ...call }: StreamCall,
): AsyncGenerator<Uint8Array> {
  const { server, patience } = connection
  const idle = new AbortController()
  const timer = setTimeout(
    () => idle.abort(new Error('no answer came in time')),
    patience.answerMs * ANSWERS_OF_PATIENCE,
  )
  // While the body is sent, the server has nothing to answer.
  const onSent = (bytes: number) => {
    timer.refresh()
    call.onSent?.(bytes)
  }
  try {
    const request = { ...addressOf(name, params), ...call, onSent, signal: idle.signal, isRepeatable: true }
    const response = await exchange(connection, request, async (answer) => answer)
    for await (const bytes of response.body ?? new ReadableStream<Uint8Array>()) {
      timer.refresh()
      yield bytes
    }
  } catch (cause) {
    throw cause instanceof CliError ? cause : connectionFailure(server, cause)
  } finally {
    clearTimeout(timer)
    idle.abort()
  }
}
