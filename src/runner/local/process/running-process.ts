import type { UpstreamAddress } from '../../../directory/index.ts'

/** A started command, with or without a sandbox. Both streams must be read to their ends. */
export interface RunningProcess {
  readonly stdout: ReadableStream<Uint8Array>
  readonly stderr: ReadableStream<Uint8Array>
  /** Where the host can reach the process; null for builds. */
  readonly address: UpstreamAddress | null
  /** Resolves once every process of the command has exited and its ports are free. */
  readonly exited: Promise<ExitStatus>
  /** On which ports the command listens now. */
  listeners(): Promise<Listeners>
  /** Sends SIGTERM to all of its processes. */
  terminate(): void
  /** Sends SIGKILL to all of its processes. `because`: the reason shown to the owner instead of the signal's name. */
  kill(because?: string): void
  /** Whether every process that accepts its connections is stopped (SIGSTOP), so that requests would wait forever. */
  isStopped(): Promise<boolean>
}

export interface ExitStatus {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly outOfMemory: boolean
  /** In a sentence, why this server killed the command; null: it exited on its own, or after SIGTERM. */
  readonly because: string | null
}

export interface Listeners {
  /** Whether the command can be reached at `address`. */
  readonly ready: boolean
  /** Other places where the command listens, for the message: `3000`, `[::1]:8080`. */
  readonly elsewhere: readonly string[]
}

/** Sends SIGTERM, and SIGKILL to the processes that are left after the grace period. Resolves when all have exited. */
export async function endProcess(process: RunningProcess, graceMs: number): Promise<void> {
  process.terminate()
  const timer = setTimeout(() => process.kill(), graceMs)
  try {
    await process.exited
  } finally {
    clearTimeout(timer)
  }
}
