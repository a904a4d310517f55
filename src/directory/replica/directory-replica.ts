import { connect } from 'node:net'
import type { CredentialLookup, Grant, KeyRecord, SessionRecord } from '../../access/index.ts'
import { Heartbeat } from '../../kernel/heartbeat.ts'
import { type Logger, silentLogger } from '../../kernel/log.ts'
import { RECONNECT_MS, STALL_MS, type ToGateway, type ToPlatform } from '../protocol.ts'
import { Lease } from './lease.ts'
import { isGrantValid } from './grant-check.ts'
import { JsonLines } from '../json-lines.ts'
import { MicroCalls } from './micro-calls.ts'
import { ReplicaCopy } from './replica-copy.ts'
import { RefusalLog } from './refusal-log.ts'
import type {
  Location,
  LogNote,
  MicroCrash,
  MicroRef,
  Refusal,
  UpstreamAddress,
  UseCount,
  WakeResult,
} from '../types.ts'
import { NotesOnce } from '../notes-once.ts'
import { unavailable } from '../unavailable.ts'
import { UseCounter } from './use-counter.ts'

export interface ReplicaOptions {
  readonly log?: Logger
  /** Monotonic, milliseconds. */
  readonly now?: () => number
  /** A connected platform that does not answer for this long counts as hung; infinite: never. */
  readonly hangAfterMs?: number
}

const BEAT_MS = 1_000
const HANG_AFTER_MS = 10_000

const USE_REPORT_MS = 5_000
/** How long a wake waits for a restarting platform. */
const WAKE_PATIENCE_MS = 10_000
const NOT_CURRENT: Location = { kind: 'not-current' }

/**
 * The gateway's end: a copy of the directory that knows whether requests may still be decided from it (see `Lease`). It
 * survives restarts of the platform: the copy is used until the new platform has sent everything again.
 */
export class DirectoryReplica implements CredentialLookup, AsyncDisposable {
  /** Resolves with the first complete copy. */
  readonly ready: Promise<void>
  readonly #log: Logger
  readonly #now: () => number
  readonly #currency: Lease
  readonly #heartbeat: Heartbeat
  readonly #wakes = new MicroCalls<WakeResult>((call) => this.#lines?.send({ t: 'wake', ...call }))
  readonly #crashes = new MicroCalls<MicroCrash | null>((call) =>
    this.#lines?.send({ t: 'ask-crash', ...call }),
  )
  readonly #uses = new UseCounter()
  readonly #refusals = new RefusalLog()
  readonly #notes = new NotesOnce()
  readonly #listeners = new Set<(instanceId: string | null) => void>()
  readonly #copy = new ReplicaCopy((instanceId) => this.#shrunk(instanceId))
  readonly #isReady: () => void
  #identitySecret: string | null = null
  #takeActive: () => readonly MicroRef[] = () => []
  #untilUnused: (address: UpstreamAddress) => Promise<void> = () => Promise.resolve()
  /** While connected. */
  #lines: JsonLines<ToGateway, ToPlatform> | null = null
  #disconnectedAtMs: number
  #pings = 0
  #timers: ReturnType<typeof setInterval>[] = []
  #isClosed = false

  constructor(options: ReplicaOptions = {}) {
    const { log = silentLogger, now = () => performance.now(), hangAfterMs = HANG_AFTER_MS } = options
    this.#log = log
    this.#now = now
    this.#disconnectedAtMs = now()
    this.#currency = new Lease(now, () => this.#ping())
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

  /** Connects, and reconnects whenever the connection ends, until closed. */
  connect(socketPath: string): void {
    this.#timers = [
      setInterval(() => this.#tick(), STALL_MS / 4),
      setInterval(() => this.#reportUses(), USE_REPORT_MS),
      setInterval(() => this.#beat(), BEAT_MS),
    ]
    this.#dial(socketPath)
  }

  /** `host`: the `Host` value as received. `path`: a canonical path, as received. */
  locate(host: string, path: string): Location {
    return this.#currency.isCurrent ? this.#copy.state.locate(host, path) : NOT_CURRENT
  }

  /** Resolves to whether `locate` can answer other than `not-current` within this time. */
  whenCurrent(timeoutMs: number): Promise<boolean> {
    return this.#currency.whenCurrent(timeoutMs)
  }

  /** The secret that signs identities (see `identityKeyOf`); null until the platform has sent it. */
  get identitySecret(): string | null {
    return this.#identitySecret
  }

  /** The platform is connected and does not respond, so that waiting for its answer is pointless. */
  get isPlatformHung(): boolean {
    return this.#heartbeat.isHung
  }

  findKey(token: string): KeyRecord | null {
    return this.#copy.state.findKey(token)
  }

  /** The keys of an instance that pages of this origin may use. */
  findKeysForOrigin(instanceId: string, origin: string): readonly KeyRecord[] {
    return this.#copy.state.keys.findForOrigin(instanceId, origin)
  }

  findSession(token: string, instanceId: string): SessionRecord | null {
    return this.#copy.state.findSession(token, instanceId)
  }

  findInternalKey(token: string, instanceId: string): string | null {
    return this.#copy.state.findInternalKey(token, instanceId)
  }

  /** Asks the platform to wake a micro; calls for the same micro share the answer. Never rejects. */
  wake(instanceId: string, micro: string): Promise<WakeResult> {
    return this.#wakes.ask(instanceId, micro)
  }

  /** How a micro crashed recently, or null; asks the platform. Never rejects. */
  askCrash(instanceId: string, micro: string): Promise<MicroCrash | null> {
    return this.#lines === null ? Promise.resolve(null) : this.#crashes.ask(instanceId, micro)
  }

  /**
   * The listener is called when rights on an instance (null: on any) may have been revoked: call `isGrantValid` for
   * each open stream and close those that are no longer allowed. Returns a function that removes the listener.
   */
  onRevoked(listener: (instanceId: string | null) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Whether the right that admitted a stream is still valid. `nowMs`: wall clock. */
  isGrantValid(grant: Grant, nowMs: number): boolean {
    return isGrantValid(this.#copy.state, grant, nowMs)
  }

  /** Counts one use; cheap, bounded, reported at intervals. */
  noteUse(use: Pick<UseCount, 'kind' | 'instanceId' | 'id'>): void {
    this.#uses.note(use, Date.now())
  }

  /** `take` is called at intervals for the micros in use now or since its last call. */
  reportActive(take: () => readonly MicroRef[]): void {
    this.#takeActive = take
  }

  /** `untilUnused` resolves when no request is under way to an address that gets no new ones. */
  reportDrained(untilUnused: (address: UpstreamAddress) => Promise<void>): void {
    this.#untilUnused = untilUnused
  }

  /** Remembers a refusal, so that the app's owner can look it up; bounded. */
  noteRefusal(refusal: Refusal): void {
    this.#refusals.note(refusal)
  }

  /** Passes a note for an app's log on, each note once; lost while the platform is not connected. */
  noteForLog(note: LogNote): void {
    if (this.#lines !== null && this.#notes.admit(note)) this.#lines.send({ t: 'note', note })
  }

  close(): Promise<void> {
    this.#isClosed = true
    for (const timer of this.#timers) clearInterval(timer)
    this.#reportUses()
    this.#wakes.answerAll(unavailable('The gateway is stopping'))
    this.#lines?.destroy()
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
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
      lines.send({ t: 'hello', ...this.#copy.position })
      this.#wakes.askAgain()
    })
  }

  #disconnected(cause: unknown): void {
    if (this.#lines !== null) this.#disconnectedAtMs = this.#now()
    this.#crashes.answerAll(null)
    this.#lines = null
    this.#heartbeat.answered()
    // A change that could not be read or applied may have revoked a right.
    if (cause !== undefined) {
      this.#log.error('the platform sent an unreadable message', {}, cause)
      this.#currency.lost()
    }
    this.#currency.disconnected()
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
        return this.#acknowledge(0)
      case 'delta':
        this.#copy.delta(message)
        return this.#acknowledge(message.version)
      case 'loaded':
        this.#copy.loaded(message)
        this.#currency.loaded()
        this.#isReady()
        return this.#acknowledge(message.version)
      case 'woken':
        return this.#wakes.answered(message.id, message.result)
      case 'crash':
        return this.#crashes.answered(message.id, message.crash)
      case 'find-refusal':
        return this.#lines?.send({
          t: 'refusal',
          id: message.id,
          refusal: this.#refusals.find(message.refusalId),
        })
      case 'ask-active':
        return this.#lines?.send({ t: 'active', id: message.id, micros: this.#takeActive() })
      case 'drain':
        return void this.#reportDrained(message)
      case 'pong':
        if (message.id === this.#pings) this.#currency.confirmed()
        return
      case 'cut':
        this.#log.warn('cut off by the platform: this process was stalled')
        this.#currency.lost()
        return this.#lines?.destroy()
    }
  }

  /** Sent to the connection that asked: after a reconnect the platform asks again. */
  async #reportDrained({ id, address }: Extract<ToGateway, { t: 'drain' }>): Promise<void> {
    const lines = this.#lines
    await this.#untilUnused(address)
    lines?.send({ t: 'drained', id })
  }

  #acknowledge(version: number): void {
    this.#lines?.send({ t: 'ack', version })
  }

  #shrunk(instanceId: string | null): void {
    for (const listener of this.#listeners) listener(instanceId)
  }

  #tick(): void {
    this.#currency.tick()
    const isForsaken = this.#lines === null && this.#now() - this.#disconnectedAtMs > WAKE_PATIENCE_MS
    if (!isForsaken && !this.isPlatformHung) return
    this.#wakes.answerAll(unavailable('The platform does not answer'))
    this.#crashes.answerAll(null)
  }

  #ping(): void {
    this.#lines?.send({ t: 'ping', id: ++this.#pings })
  }

  #beat(): void {
    if (this.#lines !== null) this.#heartbeat.tick()
  }

  #reportUses(): void {
    if (this.#lines === null) return
    const counts = this.#uses.take()
    if (counts.length > 0) this.#lines.send({ t: 'use', counts })
  }
}
