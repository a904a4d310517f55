import type { CredentialLookup, Grant, KeyRecord, SessionRecord } from '../../access/index.ts'
import { isGrantValid } from './grant-check.ts'
import { MicroCalls } from './micro-calls.ts'
import { RefusalLog } from './refusal-log.ts'
import { type Question, ReplicaLink, type ReplicaOptions } from './replica-link.ts'
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

export const USE_REPORT_MS = 5_000
/** How long a wake waits for a restarting platform. */
const WAKE_PATIENCE_MS = 10_000
const NOT_CURRENT: Location = { kind: 'not-current' }

/** The gateway's end: a copy of the directory without data keys, and the gateway's questions to the platform. */
export class DirectoryReplica implements CredentialLookup, AsyncDisposable {
  readonly #link: ReplicaLink
  readonly #wakes = new MicroCalls<WakeResult>((call) => this.#link.send({ t: 'wake', ...call }))
  readonly #crashes = new MicroCalls<MicroCrash | null>((call) =>
    this.#link.send({ t: 'ask-crash', ...call }),
  )
  readonly #uses = new UseCounter()
  readonly #refusals = new RefusalLog()
  readonly #notes = new NotesOnce()
  readonly #listeners = new Set<(instanceId: string | null) => void>()
  #takeActive: () => readonly MicroRef[] = () => []
  #untilUnused: (address: UpstreamAddress) => Promise<void> = () => Promise.resolve()
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(options: ReplicaOptions = {}) {
    this.#link = new ReplicaLink('gateway', options, {
      onShrunk: (instanceId) => this.#shrunk(instanceId),
      onMessage: (message) => this.#take(message),
      onConnected: () => this.#wakes.askAgain(),
      onDisconnected: () => this.#crashes.answerAll(null),
      onTick: () => this.#tick(),
    })
  }

  /** Resolves with the first complete copy. */
  get ready(): Promise<void> {
    return this.#link.ready
  }

  /** Connects, and reconnects whenever the connection ends, until closed. */
  connect(socketPath: string): void {
    this.#timer = setInterval(() => this.#reportUses(), USE_REPORT_MS)
    this.#link.connect(socketPath)
  }

  /** `host`: the `Host` value as received. `path`: a canonical path, as received. */
  locate(host: string, path: string): Location {
    return this.#link.isCurrent ? this.#link.state.locate(host, path) : NOT_CURRENT
  }

  /** Resolves to whether `locate` can answer other than `not-current` within this time. */
  whenCurrent(timeoutMs: number): Promise<boolean> {
    return this.#link.whenCurrent(timeoutMs)
  }

  /** The secret that signs identities (see `identityKeyOf`); null until the platform has sent it. */
  get identitySecret(): string | null {
    return this.#link.identitySecret
  }

  /** The platform is connected and does not respond, so that waiting for its answer is pointless. */
  get isPlatformHung(): boolean {
    return this.#link.isPlatformHung
  }

  findKey(token: string): KeyRecord | null {
    return this.#link.state.findKey(token)
  }

  /** The keys of an instance that pages of this origin may use. */
  findKeysForOrigin(instanceId: string, origin: string): readonly KeyRecord[] {
    return this.#link.state.keys.findForOrigin(instanceId, origin)
  }

  findSession(token: string, instanceId: string): SessionRecord | null {
    return this.#link.state.findSession(token, instanceId)
  }

  findInternalKey(token: string, instanceId: string): string | null {
    return this.#link.state.findInternalKey(token, instanceId)
  }

  /** Asks the platform to wake a micro; calls for the same micro share the answer. Never rejects. */
  wake(instanceId: string, micro: string): Promise<WakeResult> {
    return this.#wakes.ask(instanceId, micro)
  }

  /** How a micro crashed recently, or null; asks the platform. Never rejects. */
  askCrash(instanceId: string, micro: string): Promise<MicroCrash | null> {
    return this.#link.isConnected ? this.#crashes.ask(instanceId, micro) : Promise.resolve(null)
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
    return isGrantValid(this.#link.state, grant, nowMs)
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
    if (this.#link.isConnected && this.#notes.admit(note)) this.#link.send({ t: 'note', note })
  }

  close(): Promise<void> {
    clearInterval(this.#timer)
    this.#reportUses()
    this.#wakes.answerAll(unavailable('The gateway is stopping'))
    this.#link.close()
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #take(message: Question): void {
    switch (message.t) {
      case 'woken':
        return this.#wakes.answered(message.id, message.result)
      case 'crash':
        return this.#crashes.answered(message.id, message.crash)
      case 'find-refusal':
        return this.#link.send({
          t: 'refusal',
          id: message.id,
          refusal: this.#refusals.find(message.refusalId),
        })
      case 'ask-active':
        return this.#link.send({ t: 'active', id: message.id, micros: this.#takeActive() })
      case 'drain':
        return void this.#reportDrained(message)
    }
  }

  /** Sent to the connection that asked: after a reconnect the platform asks again. */
  async #reportDrained({ id, address }: Extract<Question, { t: 'drain' }>): Promise<void> {
    const { answer } = this.#link
    await this.#untilUnused(address)
    answer({ t: 'drained', id })
  }

  #shrunk(instanceId: string | null): void {
    for (const listener of this.#listeners) listener(instanceId)
  }

  #tick(): void {
    if (this.#link.disconnectedForMs <= WAKE_PATIENCE_MS && !this.isPlatformHung) return
    this.#wakes.answerAll(unavailable('The platform does not answer'))
    this.#crashes.answerAll(null)
  }

  #reportUses(): void {
    if (!this.#link.isConnected) return
    const counts = this.#uses.take()
    if (counts.length > 0) this.#link.send({ t: 'use', counts })
  }
}
