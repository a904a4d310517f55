import type { Tool } from './tool.ts'

export interface BuildCommand {
  /** One shell script; commands of a micro share it, in order. */
  readonly script: string
  /**
   * Mounted writable as `/app`; the working directory. Besides `/app`, only /tmp and the cache are writable. When the
   * server runs as root, another user owns this folder afterwards. Absolute.
   */
  readonly dir: string
  /** Writable, mounted at the same path inside. Builds that share a cache can change each other's files in it. Absolute. */
  readonly cacheDir: string
  /** Folders that are mounted read-only at the same path inside. Absolute. */
  readonly readOnly?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Programs besides those of this machine; the first wins. */
  readonly tools?: readonly Tool[]
  readonly timeoutMs: number
  readonly onLine: (line: string) => void
  /** Called about every second while the command runs; true stops the command. */
  readonly stopWhen?: () => Promise<boolean>
  /** Aborted when the server stops: the command is killed at once, with fault `system`. */
  readonly signal?: AbortSignal
  /** Maximum size of one file that the command writes; infinite or missing: no limit. Only enforced in a sandbox. */
  readonly maxFileBytes?: number
}

export type BuildCommandResult =
  | { readonly kind: 'ok' }
  | {
      readonly kind: 'failed'
      /** `system`: the command could not run here, or was ended from outside; the app is not the cause. */
      readonly fault: 'user' | 'system'
      readonly exitCode: number | null
      readonly message: string
      /** What is wrong with the app, as a sentence without a full stop, if it is known. */
      readonly hint: string | null
    }
