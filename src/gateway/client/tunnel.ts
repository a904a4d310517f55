import type { Connection, ConnectionHandler } from '../../wire/index.ts'
import { IdleTracker } from './idle-tracker.ts'

/**
 * Two connections as one raw pipe, octet for octet in both directions, with back-pressure. An end of one side is
 * passed on as an end; a cut cuts the other.
 */
export class Tunnel {
  readonly #client: Connection
  readonly #upstream: Connection
  readonly #onClosed: () => void
  /** Sides that have sent their end. */
  readonly #ended = new Set<Connection>()
  readonly #idle: Record<'client' | 'upstream', IdleTracker>

  /** `onClosed`: the client is gone. */
  constructor(client: Connection, upstream: Connection, onClosed: () => void) {
    this.#client = client
    this.#upstream = upstream
    this.#onClosed = onClosed
    const nowMs = Date.now()
    this.#idle = { client: new IdleTracker(nowMs), upstream: new IdleTracker(nowMs) }
    client.handler = this.#pipe(client, upstream)
    upstream.handler = this.#pipe(upstream, client)
    client.resume()
    upstream.resume()
  }

  #pipe(from: Connection, to: Connection): ConnectionHandler {
    return {
      onData: (bytes) => {
        if (!to.write(bytes)) from.pause()
      },
      onDrain: () => {
        to.resume()
        this.#closeWhenDone(from)
      },
      onEnd: () => {
        this.#ended.add(from)
        to.end()
        this.#closeWhenDone(from)
        this.#closeWhenDone(to)
      },
      onClose: () => {
        if (!this.#ended.has(from)) to.destroy()
        if (from === this.#client) this.#onClosed()
      },
      onFailure: () => this.cut(),
    }
  }

  /** Closes when both sides have ended and nothing waits to be sent. */
  #closeWhenDone(connection: Connection): void {
    if (this.#ended.size === 2 && !connection.isBlocked) connection.close()
  }

  cut(): void {
    this.#client.destroy()
    this.#upstream.destroy()
  }

  /** Ends a tunnel whose reader has stalled, or in which one side has ended and the other is quiet. */
  checkDeadlines(nowMs: number, limits: { writeStallMs: number; halfClosedMs: number }): void {
    const { client, upstream } = this.#idle
    client.look(this.#client, nowMs)
    upstream.look(this.#upstream, nowMs)
    const quietMs = Math.min(client.quietMs(nowMs), upstream.quietMs(nowMs))
    const isStalled =
      (this.#client.isBlocked && client.stalledMs(nowMs) > limits.writeStallMs) ||
      (this.#upstream.isBlocked && upstream.stalledMs(nowMs) > limits.writeStallMs)
    if (isStalled || (this.#ended.size > 0 && quietMs > limits.halfClosedMs)) this.cut()
  }
}
