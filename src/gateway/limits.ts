import { WIRE_LIMITS, type RequestHeadLimits } from '../wire/index.ts'

/** Every bound of the gateway, besides the fixed ones of the wire. Times in milliseconds. */
export interface GatewayLimits extends RequestHeadLimits {
  /** Status line and header section of an answer of an app. */
  readonly responseHeadBytes: number
  /**
   * Open connections of all clients, and of one address or IPv6 network. Loopback counts as one address, too; trusted
   * proxies do not.
   */
  readonly connections: number
  readonly connectionsPerClient: number
  /**
   * How many connections beyond these are answered with a 503 at a time, and how long each may stay open; others are
   * reset.
   */
  readonly refusedConnections: number
  readonly refusedMs: number
  /** From the first octet of a head (or from connecting) to its end: bounds slowloris and header dribble. */
  readonly headMs: number
  /** A kept-alive connection without a request. */
  readonly idleMs: number
  /** A request body from which nothing arrives although the gateway is ready to read. */
  readonly bodyStallMs: number
  /**
   * Octets per second that a request body has to bring while the gateway is ready to read it, and that a client has to
   * take while an answer waits for it, on average over each `rateWindowMs`; 0: no minimum. Bodies whose answer has
   * begun are exempt: the app itself keeps such a stream open.
   */
  readonly bodyMinBytesPerSecond: number
  readonly answerMinBytesPerSecond: number
  readonly rateWindowMs: number
  /** A client that takes nothing of a waiting answer. */
  readonly writeStallMs: number
  /** A client that has sent its end while a response is under way, while no octet moves. */
  readonly halfClosedMs: number
  /**
   * After our last answer on a connection, or an answer that came before its request had ended: how long we continue to
   * read, so that the client can see the answer, while nothing arrives and in total.
   */
  readonly lingerMs: number
  readonly lingerAltogetherMs: number
  /** Octets kept unread behind a request that is being answered. */
  readonly heldBytes: number
  /**
   * Body of a request to a micro. Bodies are streamed, so that their size costs no memory: there is no bound unless one
   * is set.
   */
  readonly requestBodyBytes: number
  readonly connectMs: number
  /** How long a request waits for a directory that may be out of date. */
  readonly directoryPatienceMs: number
  /** After this wait for an app that wakes, a browser is shown a page that says so. */
  readonly wakePageMs: number
  /** From the end of a request to the first octet of its response. Bodies and streams have no bound of their own. */
  readonly firstByteMs: number
  /** Idle upstream connections: Node and uvicorn close theirs after 5 s, so ours have to be closed before. */
  readonly upstreamIdleMs: number
  /** The same for a request that cannot be repeated when the upstream closes at that very moment. */
  readonly upstreamFreshMs: number
  readonly upstreamIdleConnections: number
  /** How often deadlines are checked; every bound above may be late by this much. */
  readonly sweepMs: number
  /**
   * When the gateway shuts down: for the first head of a connection that was just opened, and for a head that was
   * begun.
   */
  readonly lastHeadMs: number
  /** `close()` waits this long for requests under way. */
  readonly drainMs: number
  /** `retire()` waits this long for streams and WebSockets too. */
  readonly retireMs: number
}

export const GATEWAY_LIMITS: GatewayLimits = {
  targetBytes: WIRE_LIMITS.targetBytes,
  requestHeadBytes: WIRE_LIMITS.requestHeadBytes,
  responseHeadBytes: WIRE_LIMITS.responseHeadBytes,
  connections: 10_000,
  connectionsPerClient: 1_000,
  refusedConnections: 64,
  refusedMs: 1_000,
  headMs: 20_000,
  idleMs: 75_000,
  bodyStallMs: 60_000,
  bodyMinBytesPerSecond: 240,
  answerMinBytesPerSecond: 240,
  rateWindowMs: 60_000,
  writeStallMs: 60_000,
  halfClosedMs: 10_000,
  lingerMs: 5_000,
  lingerAltogetherMs: 30_000,
  heldBytes: 65_536,
  requestBodyBytes: Number.POSITIVE_INFINITY,
  connectMs: 5_000,
  directoryPatienceMs: 3_000,
  wakePageMs: 1_000,
  firstByteMs: 300_000,
  upstreamIdleMs: 4_000,
  upstreamFreshMs: 1_000,
  upstreamIdleConnections: 64,
  sweepMs: 1_000,
  lastHeadMs: 500,
  drainMs: 10_000,
  retireMs: 60_000,
}
