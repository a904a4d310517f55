import type { Logger } from '../kernel/log.ts'
import type { UpstreamAddress } from '../directory/index.ts'
import type { Reach } from './local/sandbox/closed-addresses.ts'
import type { Sandbox } from './local/sandbox/sandbox.ts'

/** A server micro that can be started at any time from what is on disk. */
export interface MicroProcessSpec {
  /** Unique while it lives, `<instanceId>/<micro>@<revision tag>`; a new revision is another process. */
  readonly id: string
  readonly instanceId: string
  readonly micro: string
  /**
   * The app's files, mounted read-only as `/app`; the working directory. Absolute, readable by all. Only its last
   * part may have been made by a build, and that must not be a link: mounts follow links.
   */
  readonly dir: string
  /** One shell line (COMPAT 4.5). */
  readonly command: string
  /** Null: the public name leads where it leads. */
  readonly ownHost: OwnHost | null
  /** The app's environment. PORT is always the runtime's; HOME, PATH, TMPDIR and LANG are unless named here. */
  readonly env: Readonly<Record<string, string>>
}

/** A micro calls its own app by the public name (COMPAT 1.8), which may lead nowhere from behind the walls. */
export interface OwnHost extends Door {
  /** Without a port: leads to 127.0.0.1 inside. */
  readonly name: string
}

/** How a micro reaches apps by their public names: from one port of its own loopback to one of the host's. */
export interface Door {
  /** Of 127.0.0.1 inside, as in the app's public address. */
  readonly port: number
  /** Of the host's 127.0.0.1, where that one leads: what answers there is all that the micro reaches of the host. */
  readonly hostPort: number
}

export type StartResult =
  | { readonly kind: 'ready'; readonly address: UpstreamAddress }
  | {
      readonly kind: 'failed'
      readonly reason: 'crashed' | 'never-listened' | 'refused'
      readonly message: string
      readonly logTail: string
    }

/** `asleep`: not running, nothing wrong. `crashed`: ended by itself; the next `ensureRunning` tries again. */
export type MicroStatus = 'asleep' | 'starting' | 'running' | 'crashed'

export interface MicroExit {
  readonly id: string
  readonly instanceId: string
  readonly micro: string
  readonly reason: 'stopped' | 'idle' | 'crashed'
  /** For the owner: what happened, in a sentence. */
  readonly message: string
}

export interface LogEntry {
  readonly micro: string
  readonly stream: LogStream
  readonly timestampMs: number
  readonly text: string
}

/** `runtime`: written by the platform: starts, ends and why. */
export type LogStream = 'stdout' | 'stderr' | 'runtime'

/** Bounds of one micro; COMPAT 4.2. */
export interface RuntimeLimits {
  readonly memoryBytes: number
  /** Size of /tmp, which lives in memory and counts besides `memoryBytes`. */
  readonly tmpBytes: number
  /** Processes and threads together. */
  readonly processes: number
  /** Share of the CPU against others, where a control group can give one; 100 is usual. */
  readonly cpuWeight: number
  /** Until the sandbox is there and the app's own start begins. */
  readonly setUpMs: number
  /** After this time a micro whose server is stopped (SIGSTOP) is ended. */
  readonly stoppedMs: number
  /** From the start until the micro listens. */
  readonly startTimeoutMs: number
  /** Between SIGTERM and SIGKILL. */
  readonly stopGraceMs: number
  /** A log is rotated at this size; the one before it is kept, so that a micro holds at most twice as much. */
  readonly logBytes: number
}

export interface LocalRunnerOptions {
  readonly sandbox: Sandbox
  /** `<logsDir>/<instance>/<micro>.log`. Absolute. */
  readonly logsDir: string
  readonly log: Logger
  /** Whether the disk has room for what micros print; always unless said. */
  readonly hasRoomForLogs?: () => boolean
  readonly limits?: Partial<RuntimeLimits>
  /** What micros may reach; `public` unless said. */
  readonly reach?: Reach
  readonly now?: () => number
}

export interface StartOptions {
  /** Shorter than `startTimeoutMs` where a person waits, such as during a push. */
  readonly timeoutMs?: number
}

export interface BuildCommand {
  /** One shell script; commands of a micro share it, in order. */
  readonly script: string
  /**
   * Mounted writable as `/app`; the working directory. Besides it only /tmp and the cache can be written. When the
   * server is root, it belongs to another user afterwards. Absolute.
   */
  readonly dir: string
  /** Writable, at the same path inside. Builds that share it can change what the others find there. Absolute. */
  readonly cacheDir: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly onLine: (line: string) => void
  /** Asked every second while it runs; true ends it. */
  readonly stopWhen?: () => Promise<boolean>
  /** Aborted when the server stops: the command ends at once, and the app is not to blame. */
  readonly signal?: AbortSignal
  /** Of one file that it writes; infinite or missing: no bound. Behind walls only. */
  readonly maxFileBytes?: number
}

export type BuildCommandResult =
  | { readonly kind: 'ok' }
  | {
      readonly kind: 'failed'
      /** `system`: the command could not run here, or was ended from outside; the app is not to blame. */
      readonly fault: 'user' | 'system'
      readonly exitCode: number | null
      readonly message: string
      /** What is wrong with the app, in a sentence without a full stop, where that is known. */
      readonly hint: string | null
    }

/** Bounds of one command of a build. */
export interface BuildRunLimits extends Pick<
  RuntimeLimits,
  'memoryBytes' | 'tmpBytes' | 'processes' | 'cpuWeight' | 'setUpMs' | 'stopGraceMs'
> {
  /** Lines that reach its log; what follows is counted, not kept. */
  readonly lines: number
}

export interface BuildRunnerOptions {
  readonly sandbox: Sandbox
  /** Settings of this machine that builds need to reach a registry, see `pickBuildEnvironment`. */
  readonly buildEnvironment?: Readonly<Record<string, string>>
  readonly limits?: Partial<BuildRunLimits>
}

/** Whether and how this machine can wall off an app; what `space doctor` prints. */
export interface SandboxStatus {
  readonly available: boolean
  /** One sentence: what is missing and the line to type, or what is in use. */
  readonly summary: string
}
