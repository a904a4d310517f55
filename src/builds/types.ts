import type { BuildCommand, BuildCommandResult } from '../runner/index.ts'
import type { Spacefile } from '../spacefile/index.ts'
import type { BuildCaches } from './build-caches.ts'
import type { BuildLimits } from './limits.ts'

export interface BuildInput {
  readonly spacefile: Spacefile
  /** The uploaded zip. Absolute. */
  readonly archivePath: string
  /** Where the runnable revision goes; does not exist yet, and exists whole or not at all afterwards. Absolute. */
  readonly outDir: string
  /**
   * The app's own folder name below the cache, kept from build to build: what the app's code can write to is read by
   * builds of this app only. Without it such caches last for one build. `[A-Za-z0-9_-]`, the app's id.
   */
  readonly cacheScope?: string
  /** Aborted when the server stops: the build then fails at once, by the server's fault. */
  readonly signal?: AbortSignal
  /** Log line for the developer, without a line end. */
  readonly onLine: (line: string) => void
}

export interface BuildDeps {
  /** Runs a script of the app inside the sandbox: see `createBuildRunner` of the runtime. */
  readonly run: (command: BuildCommand) => Promise<BuildCommandResult>
  readonly caches: BuildCaches
  /** Most that all but the caches may take on the disk while the build runs; infinite: no bound. */
  readonly workBytes: number
  /** Bounds that differ from the usual ones. */
  readonly limits?: Partial<BuildLimits>
}

export type BuildResult =
  | { readonly kind: 'built'; readonly micros: readonly BuiltMicro[] }
  /** `fault: 'user'`: the app; `'system'`: this machine or a registry. `message` says what to do. */
  | { readonly kind: 'failed'; readonly fault: 'user' | 'system'; readonly message: string }

/**
 * What the runtime or the gateway needs to serve a micro; stored as JSON with the revision. Paths are relative to
 * outDir.
 */
export type BuiltMicro =
  /**
   * Files below `root`: regular files and folders only, never a link. `<root>.br/<path>` and `<root>.gz/<path>`
   * hold the same file compressed, where that is worth it. They are beside the root, not in it: a request path can
   * never name them, so no public rule can open one by its ending.
   */
  | { readonly name: string; readonly kind: 'static'; readonly root: string; readonly spaFallback: boolean }
  | {
      readonly name: string
      readonly kind: 'process'
      readonly dir: string
      readonly command: string
      readonly env: Readonly<Record<string, string>>
    }
