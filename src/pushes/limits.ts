/** Every bound of a push besides those of its build and its processes. Times in milliseconds. */
export interface PushLimits {
  /** Builds at once on this machine. */
  readonly buildsAtOnce: number
  /** Pushes of one app that may wait behind the one that runs. */
  readonly pushesWaiting: number
  /**
   * How long replaced processes may finish the requests under way, streams and WebSockets included, before they get
   * SIGTERM. A micro's Spacefile may name another time (`drain_seconds`).
   */
  readonly drainMs: number
  /** The log of a build, release or installation; lines beyond it are dropped. */
  readonly workLogBytes: number
  /** How long a server that stops waits for a push that is nearly done. */
  readonly lastPushMs: number
}

export const PUSH_LIMITS: PushLimits = {
  buildsAtOnce: 2,
  pushesWaiting: 4,
  drainMs: 30_000,
  workLogBytes: 8 * 1024 * 1024,
  lastPushMs: 3_000,
}
