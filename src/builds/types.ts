import type { Spacefile } from '../spacefile/index.ts'

export interface BuildInput {
  readonly spacefile: Spacefile
  /** The uploaded zip. Absolute. */
  readonly archivePath: string
  /** Where the runnable revision goes; does not exist yet, and exists whole or not at all afterwards. Absolute. */
  readonly outDir: string
  /** Log line for the developer, without a line end. */
  readonly onLine: (line: string) => void
}

export type BuildResult =
  | { readonly kind: 'built'; readonly micros: readonly BuiltMicro[] }
  /** `fault: 'user'`: the app; `'system'`: this machine or a registry. `message` says what to do. */
  | { readonly kind: 'failed'; readonly fault: 'user' | 'system'; readonly message: string }

/** What the runtime or the gateway needs to serve a micro; stored as JSON with the revision. Paths are below outDir. */
export type BuiltMicro =
  | { readonly name: string; readonly kind: 'static'; readonly root: string; readonly spaFallback: boolean }
  | {
      readonly name: string
      readonly kind: 'process'
      readonly dir: string
      readonly command: string
      readonly env: Readonly<Record<string, string>>
    }
