import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Logger, silentLogger } from '../../kernel/log.ts'
import { ActiveMicrosQuery } from './active-micros-query.ts'
import type { ToGateway, ToPlatform } from '../protocol.ts'
import { DirectoryState } from '../index/directory-state.ts'
import { DrainWatch } from './drain-watch.ts'
import { Tombstones } from './tombstones.ts'
import { GatewayLink } from './gateway-link.ts'
import { ReconnectWindow } from './reconnect-window.ts'
import { RefusalSearch } from './refusal-search.ts'
import { unavailable } from '../unavailable.ts'
import type {
  DirectoryChange,
  LogNote,
  MicroCrash,
  MicroRef,
  Refusal,
  UpstreamAddress,
  UseCount,
  WakeResult,
} from '../types.ts'

export interface PublisherOptions {
  /**
   * How many gateways belong to this platform. After its start the platform waits until that many are connected, two
   * seconds at most, before it reports that a right is revoked. 0: no gateway has served before.
   */
  readonly gateways?: number
  /** Sent to gateways, which sign identities with it (see `identityKeyOf`). */
  readonly identitySecret?: string
  readonly log?: Logger
}

type Delta = Extract<ToGateway, { t: 'delta' }>
type CrashHandler = (instanceId: string, micro: string) => Promise<MicroCrash | null>
type WakeHandler = (instanceId: string, micro: string) => Promise<WakeResult>

const SNAPSHOT_BATCH = 500
/** A gateway that missed more deltas than this is loaded again. */
const RECENT_DELTAS = 1_000

/** The platform's end: holds the whole directory and keeps every connected gateway up to date. */
export class DirectoryPublisher implements AsyncDisposable {
  readonly #state = new DirectoryState()
  readonly #ended = new Tombstones()
  readonly #epoch = crypto.randomUUID()
  readonly #links = new Set<GatewayLink>()
  readonly #refusals = new RefusalSearch()
  readonly #activity = new ActiveMicrosQuery()
  readonly #drains: DrainWatch
  readonly #identitySecret: string | undefined
  readonly #log: Logger
  readonly #expected: number
  #rejoining: ReconnectWindow | null = null
  #server: Server | null = null
  #version = 0
  #recent: Delta[] = []
  #wake: WakeHandler = () => Promise.resolve(unavailable('This server cannot start apps'))
  #crash: CrashHandler = () => Promise.resolve(null)
  #use: (counts: readonly UseCount[]) => void = () => {}
  #note: (note: LogNote) => void = () => {}

  constructor({ gateways = 0, identitySecret, log = silentLogger }: PublisherOptions = {}) {
    this.#expected = gateways
    this.#drains = new DrainWatch(this.#links, gateways)
    this.#identitySecret = identitySecret
    this.#log = log
  }

  /** Serves gateways on a unix socket of mode 0600. Publish the initial state first. Rejects if it cannot listen. */
  async listen(socketPath: string): Promise<void> {
    rmSync(socketPath, { force: true })
    const server = createServer((socket) => this.#links.add(new GatewayLink(socket, this.#handlers)))
    this.#server = server
    await new Promise<void>((listening, failed) => {
      server.once('error', failed)
      server.listen(socketPath, listening)
    })
    chmodSync(socketPath, 0o600)
    this.#rejoining = new ReconnectWindow(this.#expected)
  }

  /**
   * Applies the changes, and resolves once they apply on every gateway: each has acknowledged them or must not decide
   * any more. Usually a millisecond; up to two seconds for revoked rights while a gateway is missing. An id that was
   * deleted recently is not added again by a late change.
   */
  async publish(wanted: readonly DirectoryChange[]): Promise<void> {
    const changes = this.#ended.admit(wanted)
    if (changes.length === 0) return
    const takesAway = this.#apply(changes)
    const delta: Delta = { t: 'delta', version: ++this.#version, changes }
    if (this.#server !== null) this.#recent = [...this.#recent.slice(1 - RECENT_DELTAS), delta]
    for (const link of this.#links) if (link.isWelcome) link.send(delta)
    await this.#reachedBy(delta.version)
    // A gateway that was lost in the meantime may decide from its copy until it reconnects.
    if (!takesAway) return
    while (this.#rejoining?.isWaiting) {
      await this.#rejoining.settled()
      await this.#reachedBy(delta.version)
    }
  }

  async #reachedBy(version: number): Promise<void> {
    await Promise.all([...this.#links].map((link) => link.reached(version)))
  }

  /** Called when a gateway needs a sleeping micro. */
  onWake(handler: WakeHandler): void {
    this.#wake = handler
  }

  /** Called when a micro broke its connection, to show its owner why. */
  onAskCrash(handler: CrashHandler): void {
    this.#crash = handler
  }

  onUse(handler: (counts: readonly UseCount[]) => void): void {
    this.#use = handler
  }

  /** Called when a gateway has a note for an app's log. */
  onNote(handler: (note: LogNote) => void): void {
    this.#note = handler
  }

  /** A request that a gateway refused recently; null if no gateway remembers it. Takes at most a second. */
  findRefusal(id: string): Promise<Refusal | null> {
    return this.#refusals.find(id, this.#links)
  }

  /**
   * Micros in use on any gateway now or since the last call: a request under way, an open stream or WebSocket. Null if
   * not every gateway answers, so that the result would be incomplete. Takes at most a second.
   */
  activeMicros(): Promise<readonly MicroRef[] | null> {
    return this.#activity.ask(this.#links, this.#expected)
  }

  /**
   * Resolves when no gateway has a request, a stream or a WebSocket under way to an address that is not published any
   * more, or when the signal aborts.
   */
  untilDrained(address: UpstreamAddress, signal: AbortSignal): Promise<void> {
    return this.#drains.begin(address, signal)
  }

  async close(): Promise<void> {
    this.#rejoining?.stop()
    for (const link of this.#links) link.destroy()
    const server = this.#server
    this.#server = null
    if (server !== null) await new Promise<void>((closed) => server.close(() => closed()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * Whether a right may have been revoked. If a change cannot be applied, all gateways are cut off and loaded again, so
   * that none of them keeps half of the changes.
   */
  #apply(changes: readonly DirectoryChange[]): boolean {
    try {
      return changes.map((change) => this.#state.apply(change)).some((instanceId) => instanceId !== null)
    } catch (cause) {
      this.#recent = []
      this.#version++
      for (const link of this.#links) link.cut()
      throw cause
    }
  }

  readonly #handlers = {
    onMessage: (link: GatewayLink, message: Exclude<ToPlatform, { t: 'ack' | 'ping' }>) => {
      switch (message.t) {
        case 'hello':
          return void this.#welcome(link, message)
        case 'wake':
          return void this.#answerWake(link, message)
        case 'ask-crash':
          return void this.#answerCrash(link, message)
        case 'use':
          return this.#use(message.counts)
        case 'note':
          return this.#note(message.note)
        case 'refusal':
          return this.#refusals.answered(link, message.id, message.refusal)
        case 'active':
          return this.#activity.answered(link, message.id, message.micros)
        case 'drained':
          return this.#drains.answered(link, message.id)
      }
    },
    onClose: (link: GatewayLink, cause: unknown) => {
      this.#links.delete(link)
      this.#refusals.left(link)
      this.#activity.left(link)
      this.#drains.left()
      if (cause !== undefined) this.#log.error('a gateway sent an unreadable message', {}, cause)
      if (link.isCut) this.#log.warn('a gateway did not answer and was cut off')
      else if (link.isLoaded) this.#rejoining?.lost()
    },
  }

  async #welcome(link: GatewayLink, hello: Extract<ToPlatform, { t: 'hello' }>): Promise<void> {
    const missed = this.#missedBy(hello)
    link.isWelcome = true
    link.send({
      t: 'welcome',
      epoch: this.#epoch,
      mode: missed === null ? 'snapshot' : 'resume',
      identitySecret: this.#identitySecret,
    })
    for (const delta of missed ?? []) link.send(delta)
    if (missed === null) await this.#sendSnapshot(link)
    if (!link.isOpen) return
    link.isLoaded = true
    link.send({ t: 'loaded', version: this.#version })
    this.#rejoining?.joined()
    this.#drains.joined(link)
  }

  /** The deltas that the gateway is missing; null if it needs everything. */
  #missedBy({ epoch, version }: { epoch: string | null; version: number }): readonly Delta[] | null {
    if (epoch !== this.#epoch) return null
    const missed = this.#recent.filter((delta) => delta.version > version)
    return missed.length === this.#version - version ? missed : null
  }

  /** A few entries at a time, so that neither end is blocked; new changes are sent between them. */
  async #sendSnapshot(link: GatewayLink): Promise<void> {
    let batch: DirectoryChange[] = []
    for (const change of this.#state.changes()) {
      batch.push(change)
      if (batch.length < SNAPSHOT_BATCH) continue
      link.send({ t: 'load', changes: batch })
      batch = []
      await link.whenDrained()
      await nextTurn()
      if (!link.isOpen) return
    }
    link.send({ t: 'load', changes: batch })
  }

  async #answerCrash(
    link: GatewayLink,
    { id, instanceId, micro }: Extract<ToPlatform, { t: 'ask-crash' }>,
  ): Promise<void> {
    const crash = await this.#crash(instanceId, micro).catch((cause: unknown) => {
      this.#log.error('cannot find out how a micro crashed', { instanceId, micro }, cause)
      return null
    })
    link.send({ t: 'crash', id, crash })
  }

  async #answerWake(
    link: GatewayLink,
    { id, instanceId, micro }: Extract<ToPlatform, { t: 'wake' }>,
  ): Promise<void> {
    try {
      link.send({ t: 'woken', id, result: await this.#wake(instanceId, micro) })
    } catch (cause) {
      this.#log.error('waking a micro failed', { instanceId, micro }, cause)
      link.send({ t: 'woken', id, result: unavailable('The app could not be started') })
    }
  }
}
