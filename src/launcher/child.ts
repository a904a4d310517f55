import type { Logger } from '../kernel/log.ts'
import { BackOff } from './back-off.ts'
import { type ChildEnd, type ReadyMessage, type Role, launch } from './launch.ts'
import type { ChildGrace } from './grace.ts'

export interface ChildOptions {
  readonly role: Role
  readonly command: readonly string[]
  /** Called at each start; `before` is the first ready message of the child, or null. */
  readonly env: (before: ReadyMessage | null) => Readonly<Record<string, string>>
  readonly log: Logger
  /** A child that does not answer for this long is killed and restarted; infinite: never. */
  readonly hangAfterMs: number
  /** How long a child may take to end before it is killed. */
  readonly grace: ChildGrace
  /** Whether the whole server is stopping: then the end of a child is not a failure. */
  readonly isEnding?: () => boolean
}

export interface Child {
  /** Rejects when the first start fails. After that start the child is restarted whenever it ends. */
  readonly ready: Promise<ReadyMessage>
  /** Asks the child to finish its work, then ends it; resolves when it has ended. */
  stop(): Promise<void>
  /** Like `stop`, for a child that was replaced: it has more time, unless `stop` is called. */
  retire(): Promise<void>
}

/** Tells a gateway that it was replaced. */
export const RETIRE_SIGNAL = 'SIGUSR2'
/** Attempts of the first start when the child ends without a reason, as when the system runs out of memory. */
const START_ATTEMPTS = 5
/** A signal to the whole process group may reach a child before it reaches this process. */
const SETTLE_MS = 100

/** Starts a child, and restarts it with growing delays when it ends or hangs. */
export function startChild(options: ChildOptions): Child {
  const { log, role } = options
  const backOff = new BackOff()
  const ready = Promise.withResolvers<ReadyMessage>()
  // Callers that await `ready` get the failure; without a handler it would end the process.
  ready.promise.catch(() => {})
  let first: ReadyMessage | null = null
  let isStopping = false
  let timer: Timer | undefined

  const start = () =>
    launch({
      ...options,
      env: options.env(first),
      onReady(message) {
        first ??= message
        ready.resolve(message)
      },
      onEnd: ended,
    })
  const ended = (end: ChildEnd) => {
    if (isStopping) return
    const delayMs = backOff.next(end.readyForMs)
    const reason = first === null ? startFailure(role, end, backOff.failures) : null
    if (reason !== null) return ready.reject(new Error(reason))
    timer = setTimeout(() => {
      if (options.isEnding?.()) return
      logEnd(log, role, end, delayMs)
      timer = setTimeout(() => (current = start()), delayMs)
    }, SETTLE_MS)
  }
  let current = start()

  const stopBy = async (signal: NodeJS.Signals, graceMs: number) => {
    isStopping = true
    clearTimeout(timer)
    current.kill(signal)
    const deadline = setTimeout(() => current.kill('SIGKILL'), graceMs)
    await current.exited
    clearTimeout(deadline)
  }
  return {
    ready: ready.promise,
    stop: () => stopBy('SIGTERM', options.grace.stopMs),
    retire: () => stopBy(RETIRE_SIGNAL, options.grace.retireMs),
  }
}

/** Why the first start is not retried; null: it is. */
function startFailure(role: Role, { failure }: ChildEnd, failures: number): string | null {
  if (failure !== '') return failure
  return failures > START_ATTEMPTS ? `The ${role} keeps ending; its last error is above.` : null
}

function logEnd(log: Logger, role: Role, { exitCode, signal, failure }: ChildEnd, delayMs: number): void {
  const fields = { exitCode, signal, reason: failure || undefined, restartInMs: delayMs }
  log.error(`the ${role} ended unexpectedly`, fields)
}
