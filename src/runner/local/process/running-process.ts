import type { UpstreamAddress } from '../../../directory/index.ts'

/** A started command, whether behind walls or not. Both streams must be read until they end. */
export interface RunningProcess {
  readonly stdout: ReadableStream<Uint8Array>
  readonly stderr: ReadableStream<Uint8Array>
  /** Where the host reaches it; null for builds. */
  readonly address: UpstreamAddress | null
  /** Once every process of it has ended and its ports are free. */
  readonly exited: Promise<ExitStatus>
  /** What listens, so far. */
  listeners(): Promise<Listeners>
  /** Asks all of its processes to end (SIGTERM). */
  terminate(): void
  /** Ends all of its processes at once (SIGKILL). `because`: what the owner reads instead of the signal's name. */
  kill(because?: string): void
  /** Whether everything that takes connections for it is stopped (SIGSTOP), so that requests wait for ever. */
  isStopped(): Promise<boolean>
}

export interface ExitStatus {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly outOfMemory: boolean
  /** In a sentence, why this server ended it; null: it ended by itself, or was asked to. */
  readonly because: string | null
}

export interface Listeners {
  /** Reachable at `address`. */
  readonly ready: boolean
  /** Where else it listens, for the message: `3000`, `[::1]:8080`. */
  readonly elsewhere: readonly string[]
}

/** SIGTERM, and SIGKILL to what is left after the grace. Resolves when everything has ended. */
export async function endProcess(process: RunningProcess, graceMs: number): Promise<void> {
  process.terminate()
  const timer = setTimeout(() => process.kill(), graceMs)
  try {
    await process.exited
  } finally {
    clearTimeout(timer)
  }
}
