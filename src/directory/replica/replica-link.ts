import { connect } from 'node:net'
import { Heartbeat } from '../../kernel/heartbeat.ts'
import { type Logger, silentLogger } from '../../kernel/log.ts'
import type { DirectoryState } from '../index/directory-state.ts'
import { JsonLines } from '../json-lines.ts'
import { RECONNECT_MS, STALL_MS, type SubscriberKind, type ToGateway, type ToPlatform } from '../protocol.ts'
import { Lease } from './lease.ts'
import { ReplicaCopy } from './replica-copy.ts'

export interface ReplicaOptions {
  readonly log?: Logger
  /** Monotonic, milliseconds. */
  readonly now?: () => number
  /** A connected platform that does not answer for this long counts as hung; infinite: never. */
  readonly hangAfterMs?: number
}

/** What the link keeps to itself: how the copy is loaded, changed and confirmed. */
type OfTheCopy = 'welcome' | 'load' | 'loaded' | 'delta' | 'pong' | 'cut'
export type Question = Exclude<ToGateway, { t: OfTheCopy }>

export interface LinkHandlers {
  /** Rights on an instance or a collection (null: on any) may have been revoked. */
  readonly onShrunk: (id: string | null) => void
  readonly onMessage?: (message: Question) => void
  readonly onConnected?: () => void
  readonly onDisconnected?: () => void
  /** Several times a second. */
  readonly onTick?: () => void
}

const BEAT_MS = 1_000
const HANG_AFTER_MS = 10_000

/**
 * A subscriber's connection to the platform and its copy of the directory, which knows whether requests may still be
 * decided from it (see `Lease`). It survives restarts of the platform: the copy is used until the new platform has sent
 * everything again.
 */
export class ReplicaLink {
  /** Resolves with the first complete copy. */
  readonly ready: Promise<void>
  readonly #kind: SubscriberKind
  readonly #handlers: LinkHandlers
  readonly #log: Logger
  readonly #now: () => number
  readonly #lease: Lease
  readonly #heartbeat: Heartbeat
  readonly #copy: ReplicaCopy
  readonly #isReady: () => void
  #identitySecret: string | null = null
  /** While connected. */
  #lines: JsonLines<ToGateway, ToPlatform> | null = null
  #disconnectedAtMs: number
  #pings = 0
  #timers: ReturnType<typeof setInterval>[] = []
  #isClosed = false

  constructor(kind: SubscriberKind, options: ReplicaOptions, handlers: LinkHandlers) {
    const { log = silentLogger, now = () => performance.now(), hangAfterMs = HANG_AFTER_MS } = options
    this.#kind = kind
    this.#handlers = handlers
    this.#log = log
    this.#now = now
    this.#disconnectedAtMs = now()
    this.#copy = new ReplicaCopy(handlers.onShrunk)
    this.#lease = new Lease(now, () => this.#ping())
    this.#heartbeat = new Heartbeat({
      intervalMs: BEAT_MS,
      limitMs: () => hangAfterMs,
      ping: () => this.#ping(),
      onHung: () => log.warn('the platform does not respond'),
    })
    const { promise, resolve } = Promise.withResolvers<void>()
    this.ready = promise
    this.#isReady = resolve
  }

  /** The state that requests are decided from, while `isCurrent`. */
  get state(): DirectoryState {
    return this.#copy.state
  }

  get isCurrent(): boolean {
    return this.#lease.isCurrent
  }

  /** Resolves to whether the copy is current within this time. */
  whenCurrent(timeoutMs: number): Promise<boolean> {
    return this.#lease.whenCurrent(timeoutMs)
  }

  get isConnected(): boolean {
    return this.#lines !== null
  }

  /** The platform is connected and does not respond, so that waiting for its answer is pointless. */
  get isPlatformHung(): boolean {
    return this.#heartbeat.isHung
  }

  /** The secret that signs identities (see `identityKeyOf`); null until the platform has sent it. */
  get identitySecret(): string | null {
    return this.#identitySecret
  }

  /** How long there has been no connection; 0 while there is one. */
  get disconnectedForMs(): number {
    return this.#lines === null ? this.#now() - this.#disconnectedAtMs : 0
  }

  /** Connects, and reconnects whenever the connection ends, until closed. */
  connect(socketPath: string): void {
    this.#timers = [setInterval(() => this.#tick(), STALL_MS / 4), setInterval(() => this.#beat(), BEAT_MS)]
    this.#dial(socketPath)
  }

  /** Lost while the platform is not connected. */
  send(message: ToPlatform): void {
    this.#lines?.send(message)
  }

  /** To the connection that there is now: not to a later one. */
  get answer(): (message: ToPlatform) => void {
    const lines = this.#lines
    return (message) => lines?.send(message)
  }

  close(): void {
    this.#isClosed = true
    for (const timer of this.#timers) clearInterval(timer)
    this.#lines?.destroy()
  }

  #dial(socketPath: string): void {
    if (this.#isClosed) return
    const socket = connect(socketPath)
    const lines = new JsonLines<ToGateway, ToPlatform>(socket, {
      onMessage: (message) => this.#take(message),
      onClose: (cause) => {
        this.#disconnected(cause)
        setTimeout(() => this.#dial(socketPath), RECONNECT_MS)
      },
    })
    socket.once('connect', () => {
      if (this.#isClosed) return lines.destroy()
      this.#lines = lines
      this.#heartbeat.answered()
      lines.send({ t: 'hello', as: this.#kind, ...this.#copy.position })
      this.#handlers.onConnected?.()
    })
  }

  #disconnected(cause: unknown): void {
    if (this.#lines !== null) this.#disconnectedAtMs = this.#now()
    this.#handlers.onDisconnected?.()
    this.#lines = null
    this.#heartbeat.answered()
    // A change that could not be read or applied may have revoked a right.
    if (cause !== undefined) {
      this.#log.error('the platform sent an unreadable message', {}, cause)
      this.#lease.lost()
    }
    this.#lease.disconnected()
  }

  /** Every message except an answer is acknowledged once it is applied. */
  #take(message: ToGateway): void {
    this.#heartbeat.answered()
    switch (message.t) {
      case 'welcome':
        this.#identitySecret = message.identitySecret ?? null
        return this.#copy.welcome(message)
      case 'load':
        this.#copy.load(message)
        return this.send({ t: 'ack', version: 0 })
      case 'delta':
        this.#copy.delta(message)
        return this.send({ t: 'ack', version: message.version })
      case 'loaded':
        this.#copy.loaded(message)
        this.#lease.loaded()
        this.#isReady()
        return this.send({ t: 'ack', version: message.version })
      case 'pong':
        if (message.id === this.#pings) this.#lease.confirmed()
        return
      case 'cut':
        this.#log.warn('cut off by the platform: this process was stalled')
        this.#lease.lost()
        return this.#lines?.destroy()
      default:
        this.#handlers.onMessage?.(message)
    }
  }

  #tick(): void {
    this.#lease.tick()
    this.#handlers.onTick?.()
  }

  #ping(): void {
    this.send({ t: 'ping', id: ++this.#pings })
  }

  #beat(): void {
    if (this.#lines !== null) this.#heartbeat.tick()
  }
}
