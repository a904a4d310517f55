import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Logger, silentLogger } from '../../kernel/log.ts'
import { ActiveMicrosQuery } from './active-micros-query.ts'
import { kindOf, type SubscriberKind, type ToGateway, type ToPlatform } from '../protocol.ts'
import { DirectoryState } from '../index/directory-state.ts'
import { DrainWatch } from './drain-watch.ts'
import { Tombstones } from './tombstones.ts'
import { withIdentityKey } from './with-identity-key.ts'
import { SubscriberLink } from './subscriber-link.ts'
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
  /** The same for the process that opens collections: 0 or 1. */
  readonly data?: number
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

/** The subscribers of one kind. */
interface Audience {
  readonly links: Set<SubscriberLink>
  readonly expected: number
  rejoining: ReconnectWindow | null
}

/** The platform's end: holds the whole directory and keeps every connected subscriber up to date. */
export class DirectoryPublisher implements AsyncDisposable {
  readonly #state = new DirectoryState()
  readonly #ended = new Tombstones()
  readonly #epoch = crypto.randomUUID()
  readonly #refusals = new RefusalSearch()
  readonly #activity = new ActiveMicrosQuery()
  readonly #drains: DrainWatch
  readonly #identitySecret: string | undefined
  readonly #log: Logger
  /** A subscriber counts as a gateway until it says what it is. */
  readonly #gateways: Audience
  readonly #data: Audience
  #server: Server | null = null
  #version = 0
  #recent: Delta[] = []
  #wake: WakeHandler = () => Promise.resolve(unavailable('This server cannot start apps'))
  #crash: CrashHandler = () => Promise.resolve(null)
  #use: (counts: readonly UseCount[]) => void = () => {}
  #note: (note: LogNote) => void = () => {}

  constructor({ gateways = 0, data = 0, identitySecret, log = silentLogger }: PublisherOptions = {}) {
    this.#gateways = { links: new Set(), expected: gateways, rejoining: null }
    this.#data = { links: new Set(), expected: data, rejoining: null }
    this.#drains = new DrainWatch(this.#gateways.links, gateways)
    this.#identitySecret = identitySecret
    this.#log = log
  }

  /** Serves subscribers on a unix socket of mode 0600. Publish the initial state first. Rejects if it cannot listen. */
  async listen(socketPath: string): Promise<void> {
    rmSync(socketPath, { force: true })
    const server = createServer((socket) =>
      this.#gateways.links.add(new SubscriberLink(socket, this.#handlers)),
    )
    this.#server = server
    await new Promise<void>((listening, failed) => {
      server.once('error', failed)
      server.listen(socketPath, listening)
    })
    chmodSync(socketPath, 0o600)
    for (const audience of [this.#gateways, this.#data])
      audience.rejoining = new ReconnectWindow(audience.expected)
  }

  /**
   * Applies the changes, and resolves once they apply on every subscriber that they are for: each has acknowledged them
   * or must not decide any more. Usually a millisecond; up to two seconds for revoked rights while a subscriber is
   * missing. An id that was deleted recently is not added again by a late change.
   */
  async publish(wanted: readonly DirectoryChange[]): Promise<void> {
    const changes = this.#ended.admit(wanted).map((change) => withIdentityKey(change, this.#identitySecret))
    if (changes.length === 0) return
    const takesAway = this.#apply(changes)
    const delta: Delta = { t: 'delta', version: ++this.#version, changes }
    if (this.#server !== null) this.#recent = [...this.#recent.slice(1 - RECENT_DELTAS), delta]
    await Promise.all([
      this.#sendTo('gateway', delta, takesAway.has('gateway')),
      this.#sendTo('data', delta, takesAway.has('data')),
    ])
  }

  async #sendTo(kind: SubscriberKind, whole: Delta, takesAway: boolean): Promise<void> {
    const delta = deltaFor(kind, whole)
    if (delta === null) return
    const audience = this.#audienceOf(kind)
    for (const link of audience.links) if (link.isWelcome) link.send(delta)
    await reachedBy(audience, delta.version)
    // A subscriber that was lost in the meantime may decide from its copy until it reconnects.
    if (!takesAway) return
    while (audience.rejoining?.isWaiting) {
      await audience.rejoining.settled()
      await reachedBy(audience, delta.version)
    }
  }

  #audienceOf(kind: SubscriberKind): Audience {
    return kind === 'data' ? this.#data : this.#gateways
  }

  get #links(): SubscriberLink[] {
    return [...this.#gateways.links, ...this.#data.links]
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
    return this.#refusals.find(id, this.#gateways.links)
  }

  /**
   * Micros in use on any gateway now or since the last call: a request under way, an open stream or WebSocket. Null if
   * not every gateway answers, so that the result would be incomplete. Takes at most a second.
   */
  activeMicros(): Promise<readonly MicroRef[] | null> {
    return this.#activity.ask(this.#gateways.links, this.#gateways.expected)
  }

  /**
   * Resolves when no gateway has a request, a stream or a WebSocket under way to an address that is not published any
   * more, or when the signal aborts.
   */
  untilDrained(address: UpstreamAddress, signal: AbortSignal): Promise<void> {
    return this.#drains.begin(address, signal)
  }

  async close(): Promise<void> {
    for (const { rejoining } of [this.#gateways, this.#data]) rejoining?.stop()
    for (const link of this.#links) link.destroy()
    const server = this.#server
    this.#server = null
    if (server !== null) await new Promise<void>((closed) => server.close(() => closed()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * The kinds of subscribers from which a right may have been revoked. If a change cannot be applied, all subscribers are
   * cut off and loaded again, so that none of them keeps half of the changes.
   */
  #apply(changes: readonly DirectoryChange[]): ReadonlySet<SubscriberKind> {
    try {
      return new Set(changes.filter((change) => this.#state.apply(change) !== null).map(kindOf))
    } catch (cause) {
      this.#recent = []
      this.#version++
      for (const link of this.#links) link.cut()
      throw cause
    }
  }

  readonly #handlers = {
    onMessage: (link: SubscriberLink, message: Exclude<ToPlatform, { t: 'ack' | 'ping' }>) => {
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
    onClose: (link: SubscriberLink, cause: unknown) => {
      const audience = this.#data.links.delete(link) ? this.#data : this.#gateways
      this.#gateways.links.delete(link)
      this.#refusals.left(link)
      this.#activity.left(link)
      this.#drains.left()
      if (cause !== undefined) this.#log.error('a process sent an unreadable message', {}, cause)
      if (link.isCut) this.#log.warn('a process did not answer and was cut off')
      else if (link.isLoaded) audience.rejoining?.lost()
    },
  }

  async #welcome(link: SubscriberLink, hello: Extract<ToPlatform, { t: 'hello' }>): Promise<void> {
    const { as = 'gateway' } = hello
    const audience = this.#audienceOf(as)
    this.#gateways.links.delete(link)
    audience.links.add(link)
    const missed = this.#missedBy(hello)
    link.isWelcome = true
    link.send({
      t: 'welcome',
      epoch: this.#epoch,
      mode: missed === null ? 'snapshot' : 'resume',
      ...(as === 'gateway' ? { identitySecret: this.#identitySecret } : {}),
    })
    for (const delta of missed ?? []) {
      const part = deltaFor(as, delta)
      if (part !== null) link.send(part)
    }
    if (missed === null) await this.#sendSnapshot(link, as)
    if (!link.isOpen) return
    link.isLoaded = true
    link.send({ t: 'loaded', version: this.#version })
    audience.rejoining?.joined()
    if (as === 'gateway') this.#drains.joined(link)
  }

  /** The deltas that the gateway is missing; null if it needs everything. */
  #missedBy({ epoch, version }: { epoch: string | null; version: number }): readonly Delta[] | null {
    if (epoch !== this.#epoch) return null
    const missed = this.#recent.filter((delta) => delta.version > version)
    return missed.length === this.#version - version ? missed : null
  }

  /** A few entries at a time, so that neither end is blocked; new changes are sent between them. */
  async #sendSnapshot(link: SubscriberLink, as: SubscriberKind): Promise<void> {
    let batch: DirectoryChange[] = []
    for (const change of this.#state.changes()) {
      if (kindOf(change) !== as) continue
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
    link: SubscriberLink,
    { id, instanceId, micro }: Extract<ToPlatform, { t: 'ask-crash' }>,
  ): Promise<void> {
    const crash = await this.#crash(instanceId, micro).catch((cause: unknown) => {
      this.#log.error('cannot find out how a micro crashed', { instanceId, micro }, cause)
      return null
    })
    link.send({ t: 'crash', id, crash })
  }

  async #answerWake(
    link: SubscriberLink,
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

/** Null: nothing in it is for subscribers of this kind. */
function deltaFor(kind: SubscriberKind, delta: Delta): Delta | null {
  const changes = delta.changes.filter((change) => kindOf(change) === kind)
  if (changes.length === delta.changes.length) return delta
  return changes.length === 0 ? null : { ...delta, changes }
}

async function reachedBy({ links }: Audience, version: number): Promise<void> {
  await Promise.all([...links].map((link) => link.reached(version)))
}
