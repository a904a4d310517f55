/** Every bound of a deployment besides those of its build and its processes. Times in milliseconds. */
export interface DeployLimits {
  /** Builds at once on this machine. */
  readonly buildsAtOnce: number
  /** Pushes of one app that may wait behind the one that runs. */
  readonly pushesWaiting: number
  /**
   * How long replaced processes may answer what they had begun, streams and WebSockets included, before they get SIGTERM.
   * A micro's Spacefile may name another time (`drain_seconds`).
   */
  readonly drainMs: number
  /** The log of a build, release or installation; what follows is left out. */
  readonly workLogBytes: number
  /** When the server stops: for a push that is nearly done. */
  readonly lastPushMs: number
}

export const DEPLOY_LIMITS: DeployLimits = {
  buildsAtOnce: 2,
  pushesWaiting: 4,
  drainMs: 30_000,
  workLogBytes: 8 * 1024 * 1024,
  lastPushMs: 3_000,
}
