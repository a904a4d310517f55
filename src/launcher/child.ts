import type { Logger } from '../kernel/log.ts'
import type { ChildGrace } from './grace.ts'

export type Role = 'platform' | 'gateway'

/** What a child tells its parent over the IPC channel; it is silent otherwise. */
export type ChildMessage =
  | { readonly kind: 'ready'; readonly setupCode?: string | null; readonly notices?: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string }

export interface ChildOptions {
  readonly role: Role
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly log: Logger
  /** Before it is killed. */
  readonly grace: ChildGrace
  /** Whether the whole server ends: a signal to all its processes is no fault of the child's. */
  readonly isEnding?: () => boolean
  /** Called when the child cannot be kept alive; the server then ends. */
  readonly onGivenUp: (message: string) => void
}

export interface Child {
  readonly ready: Promise<Extract<ChildMessage, { kind: 'ready' }>>
  /** Asks it to finish what it is doing, then ends it; resolves when it is gone. */
  stop(): Promise<void>
  /** The same for one that others have taken the place of: it has more time, unless `stop` comes. */
  retire(): Promise<void>
}

/** Tells a gateway that others listen in its place. */
export const RETIRE_SIGNAL = 'SIGUSR2'
/** Deaths within the window after which a restart would only hide the fault. */
const DEATHS_ALLOWED = 5
const DEATH_WINDOW_MS = 60_000

/** Starts a child and starts it again when it dies; `ready` rejects when it fails at its first start. */
export function startChild(options: ChildOptions): Child {
  const { log, role } = options
  const deaths: number[] = []
  let isStopping = false
  let current: Bun.Subprocess
  const {
    promise: ready,
    resolve,
    reject,
  } = Promise.withResolvers<Extract<ChildMessage, { kind: 'ready' }>>()
  // Whoever waits for `ready` hears of the failure; without a listener it would end the process instead.
  ready.catch(() => {})

  const launch = () => {
    let failure = ''
    current = Bun.spawn([...options.command], {
      env: { ...options.env },
      stdin: 'ignore',
      stdout: 'inherit',
      stderr: 'inherit',
      ipc(message: ChildMessage) {
        if (message.kind === 'ready') resolve(message)
        else failure = message.message
      },
      onExit(_, exitCode, signal) {
        if (isStopping) return
        if (failure) return giveUp(failure)
        const isTooOften = isDyingTooOften(deaths)
        setTimeout(
          () => {
            if (isStopping || options.isEnding?.()) return
            log.error(`the ${role} ended unexpectedly`, { exitCode, signal: signal ?? undefined })
            if (isTooOften) giveUp(`The ${role} keeps ending; its last error is above.`)
            else launch()
          },
          100 * 2 ** deaths.length,
        )
      },
    })
  }
  const giveUp = (message: string) => {
    reject(new Error(message))
    options.onGivenUp(message)
  }
  launch()

  const end = async (signal: NodeJS.Signals, graceMs: number) => {
    isStopping = true
    current.kill(signal)
    const timer = setTimeout(() => current.kill('SIGKILL'), graceMs)
    await current.exited
    clearTimeout(timer)
  }
  return {
    ready,
    stop: () => end('SIGTERM', options.grace.stopMs),
    retire: () => end(RETIRE_SIGNAL, options.grace.retireMs),
  }
}

function isDyingTooOften(deaths: number[]): boolean {
  const now = Date.now()
  deaths.push(now)
  while (deaths[0]! < now - DEATH_WINDOW_MS) deaths.shift()
  return deaths.length > DEATHS_ALLOWED
}
