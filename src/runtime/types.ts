import type { UpstreamAddress } from '../directory/index.ts'

/** A server micro that can be started at any time from what is on disk. */
export interface MicroProcessSpec {
  /** Unique while it lives, `<instanceId>/<micro>@<revision tag>`; a new revision is another process. */
  readonly id: string
  readonly instanceId: string
  readonly micro: string
  /** The app's files, mounted read-only; the working directory. Absolute. */
  readonly dir: string
  /** One shell line (COMPAT 4.5). */
  readonly command: string
  /** The whole environment besides PORT, HOME, PATH and TMPDIR, which the runtime sets. */
  readonly env: Readonly<Record<string, string>>
}

export type StartResult =
  | { readonly kind: 'ready'; readonly address: UpstreamAddress }
  | {
      readonly kind: 'failed'
      readonly reason: 'crashed' | 'never-listened' | 'refused'
      readonly message: string
      readonly logTail: string
    }

export interface BuildCommand {
  /** One shell script; commands of a micro share it, in order. */
  readonly script: string
  /** Writable working directory, the only writable place besides /tmp and `cacheDir`. Absolute. */
  readonly dir: string
  readonly cacheDir: string
  readonly env: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly onLine: (line: string) => void
}

export type BuildCommandResult =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failed'; readonly exitCode: number | null; readonly message: string }

/** Whether and how this machine can wall off an app; what `space doctor` prints. */
export interface SandboxStatus {
  readonly available: boolean
  /** One sentence: what is missing and the line to type, or what is in use. */
  readonly summary: string
}
