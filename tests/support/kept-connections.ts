/** Clients that keep their connections over TLS, while a test replaces what answers them. */
import { RawClient } from '../../src/gateway/testing/raw-client.ts'

export interface KeptConnections {
  /** So far, of all clients. */
  readonly answers: readonly string[]
  /** Resolves when every client has its last answer. */
  stop(): Promise<void>
}

/**
 * `clients` send the request one time after the other on one connection each, until an answer says that it is the last
 * one; then they connect again. A connection may be refused until its handshake is complete. Later it may not end
 * before its answer: that is noted among the answers as `lost`.
 */
export function keepConnections(clients: number, port: number, request: string): KeptConnections {
  const answers: string[] = []
  const over = new AbortController()
  const useOne = async (connection: RawClient) => {
    for (let at = 0, isLast = false; !isLast && !over.signal.aborted; at = connection.received.length) {
      connection.send(request)
      await connection.until(({ received, isClosed }) => isClosed || isWhole(received.slice(at)))
      const answer = connection.received.slice(at)
      answers.push(isWhole(answer) ? answer : `lost: ${answer}`)
      isLast = !isWhole(answer) || /^connection: close\r$/im.test(answer)
    }
  }
  const useMany = async () => {
    while (!over.signal.aborted) {
      using connection = await RawClient.connectTls(port, 'localhost').catch(() => null)
      if (connection !== null) await useOne(connection)
    }
  }
  const running = Promise.all(Array.from({ length: clients }, useMany))
  return {
    answers,
    async stop() {
      over.abort()
      await running
    },
  }
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n') + 4
  const length = answer.match(/^content-length: (\d+)\r$/im)?.[1]
  return end > 3 && length !== undefined && answer.length - end >= Number(length)
}
