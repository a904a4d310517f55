import type { BuildRunner } from '../runner/index.ts'
import type { Spacefile } from '../spacefile/index.ts'
import type { BuildCaches } from './build-caches.ts'
import type { BuildLimits } from './limits.ts'
import type { ToolStore } from './tools/tool-store.ts'

/**
 * The uploaded zip, absolute; or the SHA-256 of one that was not uploaded, because the revision that serves was built from
 * the same bytes.
 */
export type PushedArchive = { readonly path: string } | { readonly digest: string }

export interface BuildInput {
  readonly spacefile: Spacefile
  readonly archive: PushedArchive
  /** The folder of the runnable revision. It must not exist yet; afterwards it exists completely or not at all. Absolute. */
  readonly outDir: string
  /**
   * The app's own folder name below the cache, kept between builds: files that the app's code can write are read by
   * builds of this app only. Without it, such caches last for one build. `[A-Za-z0-9_-]`, the app's id.
   */
  readonly cacheScope?: string
  /**
   * Folders of earlier revisions of the same app, the best first. A micro that one of them built from the same inputs is
   * taken from there. Absolute.
   */
  readonly earlier?: readonly string[]
  /** That of `earlier` which serves now: a push of the same bytes makes no revision folder. */
  readonly serving?: string
  /**
   * Variables for the build commands of every micro, such as a data key that is valid during the build only. They win
   * over the defaults of presets. They do not count for reuse: their values may differ with every push.
   */
  readonly env?: Readonly<Record<string, string>>
  /** Aborted when the server stops: the build then fails at once, by the server's fault. */
  readonly signal?: AbortSignal
  /** Log line for the developer, without a line end. */
  readonly onLine: (line: string) => void
}

export interface BuildDeps {
  readonly runner: BuildRunner
  readonly caches: BuildCaches
  /** Maximum disk usage of a running build without the caches; infinite: no limit. */
  readonly workBytes: number
  /** Fetches Node, package managers and others; without it, builds use this machine's programs only. */
  readonly tools?: ToolStore
  /** Names the tools of this server and the version of the builder: with other tools, nothing is reused. */
  readonly toolsKey?: string
  /** False where apps can write to their own revision, as without a sandbox: nothing is reused. Default: true. */
  readonly areRevisionsReadOnly?: boolean
  /** Limits that differ from `BUILD_LIMITS`. */
  readonly limits?: Partial<BuildLimits>
}

export type BuildResult =
  | { readonly kind: 'built'; readonly micros: readonly BuiltMicro[] }
  /** The push has the bytes of `serving`, whose folder is the revision's; `outDir` does not exist. */
  | { readonly kind: 'unchanged'; readonly micros: readonly BuiltMicro[] }
  /** `fault: 'user'`: the app has to change; `'system'`: this machine or a registry failed. `message` says what to do. */
  | { readonly kind: 'failed'; readonly fault: 'user' | 'system'; readonly message: string }

/**
 * What the runner or the gateway needs to serve a micro; stored as JSON with the revision. Paths are relative to
 * outDir.
 */
export type BuiltMicro =
  /**
   * Files below `root`: regular files and folders only, never a link. `<root>.br/<path>` and `<root>.gz/<path>`
   * hold the same file compressed, where that saves enough. They are beside the root, not below it: no request path can
   * name them, so no public rule can match one by its extension.
   */
  | { readonly name: string; readonly kind: 'static'; readonly root: string; readonly spaFallback: boolean }
  | {
      readonly name: string
      readonly kind: 'process'
      readonly dir: string
      readonly command: string
      readonly env: Readonly<Record<string, string>>
      /** Names of the tools that it needs to run, `node-22.23.5`; missing: this machine's programs. */
      readonly tools?: readonly string[]
    }
