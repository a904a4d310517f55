import type { Logger } from '../../kernel/log.ts'
import type { Connection, ConnectionHandler, HeadWriter } from '../../wire/index.ts'
import type { GatewayLimits } from '../limits.ts'
import { looksLikeBrowser } from '../respond/parse-error-answer.ts'
import { writeAnswer } from '../respond/local-responder.ts'
import { renderProblem } from '../pages/index.ts'
import { ResponseWriter } from './response-writer.ts'

/** Bound of networks that are counted between two lines of the log. */
const MAX_COUNTED = 100
/** Shortest time between two lines of the log. */
const LOG_MS = 10_000

/**
 * Connections beyond a bound: a few at a time get a 503 and are then closed; all others are reset. None is judged or
 * forwarded, so that refusing many costs little.
 */
export class RefusedConnections {
  readonly #limits: GatewayLimits
  readonly #out: HeadWriter
  readonly #log: Logger
  readonly #open = new Set<RefusedConnection>()
  readonly #perNetwork = new Map<string, number>()
  #count = 0
  #loggedAtMs = 0

  constructor(limits: GatewayLimits, out: HeadWriter, log: Logger) {
    this.#limits = limits
    this.#out = out
    this.#log = log
  }

  /** Counts a refused connection, and returns what answers it; null: reset it. */
  refuse(network: string): ((connection: Connection) => ConnectionHandler) | null {
    this.#count++
    if (this.#perNetwork.has(network) || this.#perNetwork.size < MAX_COUNTED)
      this.#perNetwork.set(network, (this.#perNetwork.get(network) ?? 0) + 1)
    if (this.#open.size >= this.#limits.refusedConnections) return null
    return (connection) => {
      const refused = new RefusedConnection(connection, this.#out, () => this.#open.delete(refused))
      this.#open.add(refused)
      return refused
    }
  }

  /** Ends what takes too long, and logs the count at intervals. */
  sweep(nowMs: number): void {
    for (const refused of this.#open)
      if (nowMs - refused.sinceMs > this.#limits.refusedMs) refused.connection.destroy()
    if (this.#count > 0 && nowMs - this.#loggedAtMs >= LOG_MS) this.#writeLog(nowMs)
  }

  closeAll(): void {
    for (const refused of this.#open) refused.connection.destroy()
  }

  #writeLog(nowMs: number): void {
    const [network, most] = [...this.#perNetwork].reduce((a, b) => (b[1] > a[1] ? b : a))
    const { connections, connectionsPerClient } = this.#limits
    this.#log.warn('connections refused: too many are open', {
      count: this.#count,
      network,
      of_network: most,
      max_connections: connections,
      max_connections_per_client: connectionsPerClient,
    })
    this.#loggedAtMs = nowMs
    this.#count = 0
    this.#perNetwork.clear()
  }
}

/** Answers the first octets with a 503, and reads nothing else. */
class RefusedConnection implements ConnectionHandler {
  readonly connection: Connection
  readonly sinceMs = Date.now()
  readonly #out: HeadWriter
  readonly #onGone: () => void
  #isAnswered = false

  constructor(connection: Connection, out: HeadWriter, onGone: () => void) {
    this.connection = connection
    this.#out = out
    this.#onGone = onGone
  }

  /** Closing while a client still sends would destroy the answer on its way: later octets are read and dropped. */
  onData(octets: Buffer): void {
    if (this.#isAnswered) return
    this.#isAnswered = true
    const method = octets.toString('latin1', 0, 5) === 'HEAD ' ? 'HEAD' : 'GET'
    const format = looksLikeBrowser(octets) ? 'html' : 'json'
    const request = { method, minorVersion: 1, keepAlive: false } as const
    const answer = renderProblem({ kind: 'too-many-connections' }, { format, requestId: null })
    writeAnswer(new ResponseWriter(this.connection, request, this.#out), answer)
    this.connection.end()
  }

  onEnd(): void {
    this.connection.close()
  }

  onClose(): void {
    this.#onGone()
  }

  onDrain(): void {}

  onFailure(): void {}
}
