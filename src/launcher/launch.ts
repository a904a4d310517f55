import { Heartbeat } from '../kernel/heartbeat.ts'
import type { Logger } from '../kernel/log.ts'

export type Role = 'platform' | 'gateway' | 'data'

export interface ReadyMessage {
  readonly kind: 'ready'
  readonly setupCode?: string | null
  readonly notices?: readonly string[]
}

/** What a child sends to its parent over the IPC channel. */
export type ChildMessage =
  ReadyMessage | { readonly kind: 'failed'; readonly message: string } | { readonly kind: 'pong' }

/** What the parent sends. */
export interface ParentMessage {
  readonly kind: 'ping'
}

export interface LaunchOptions {
  readonly role: Role
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly log: Logger
  /** A child that does not answer for this long is killed; infinite: never. */
  readonly hangAfterMs: number
  readonly onReady: (message: ReadyMessage) => void
  readonly onEnd: (end: ChildEnd) => void
}

export interface ChildEnd {
  readonly exitCode: number | null
  readonly signal: string | undefined
  /** The failure that the child reported before it ended; empty: none. */
  readonly failure: string
  /** 0: it never became ready. */
  readonly readyForMs: number
}

const BEAT_MS = 1_000
/** A start may block the event loop for longer: the migration of a large database is one statement. */
const START_FACTOR = 20

/** Starts one process, and kills it when it hangs: a signal that can be caught would not end a stopped process. */
export function launch(options: LaunchOptions): Bun.Subprocess {
  const { role, log, hangAfterMs } = options
  let failure = ''
  let readyAtMs: number | null = null
  const child = Bun.spawn([...options.command], {
    env: { ...options.env },
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    ipc(message: ChildMessage) {
      heartbeat.answered()
      if (message.kind === 'failed') failure = message.message
      if (message.kind !== 'ready') return
      readyAtMs = performance.now()
      options.onReady(message)
    },
    onExit(_, exitCode, signal) {
      clearInterval(timer)
      const readyForMs = readyAtMs === null ? 0 : performance.now() - readyAtMs
      options.onEnd({ exitCode, signal: signal?.toString(), failure, readyForMs })
    },
  })
  const heartbeat = new Heartbeat({
    intervalMs: BEAT_MS,
    limitMs: () => (readyAtMs === null ? START_FACTOR * hangAfterMs : hangAfterMs),
    ping: () => sendTo(child, { kind: 'ping' }),
    onHung() {
      log.error(`the ${role} does not respond and is killed`, { pid: child.pid })
      child.kill('SIGKILL')
    },
  })
  const timer = setInterval(() => heartbeat.tick(), BEAT_MS)
  return child
}

function sendTo(child: Bun.Subprocess, message: ParentMessage): void {
  try {
    child.send(message)
  } catch {
    // The child closes its channel just before it ends.
  }
}
