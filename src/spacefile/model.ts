/** The validated Spacefile (COMPAT 2), with defaults applied and paths resolved against the project root. */
export interface Spacefile {
  readonly v: 0
  /** Path of the icon below the project root, or null. */
  readonly icon: string | null
  readonly appName: string | null
  readonly autoPwa: boolean
  /** One to five; exactly one is primary. */
  readonly micros: readonly MicroSpec[]
}

export interface MicroSpec {
  readonly name: string
  /** Folder below the project root, normalised, `.` for the root itself. */
  readonly src: string
  readonly engine: Engine
  readonly primary: boolean
  /** Mount path: `/` for the primary, else `/api`; no trailing slash. */
  readonly mount: string
  readonly serve: string | null
  readonly commands: readonly string[]
  readonly include: readonly string[] | null
  readonly run: string | null
  readonly dev: string | null
  readonly env: readonly EnvPreset[]
  readonly apiKeys: boolean
  /** Trimmed patterns; `public: true` is `['/*']`. */
  readonly publicRoutes: readonly string[]
  /** Ours: patterns that stay private in spite of `publicRoutes`. */
  readonly privateRoutes: readonly string[]
  /** Ours: time for a replaced process to complete its requests; null: the server's setting. */
  readonly drainSeconds: number | null
  readonly provideActions: boolean
  readonly actions: readonly ActionSpec[]
}

export interface EnvPreset {
  readonly name: string
  readonly description: string
  readonly default: string
}

export interface ActionSpec {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly interval: string
  readonly path: string | null
}

/** `family` selects the builder; `name` is the text of the Spacefile, such as `nodejs16`. */
export interface Engine {
  readonly name: string
  readonly family:
    | 'static'
    | 'react'
    | 'svelte'
    | 'vue'
    | 'next'
    | 'nuxt'
    | 'svelte-kit'
    | 'nodejs'
    | 'python'
    | 'bun'
    | 'deno'
    | 'custom'
}

export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  /** The problem, in one sentence without a full stop. */
  readonly message: string
  /** The correction. */
  readonly hint?: string
  /** 1-based position in the Spacefile. */
  readonly line: number
  readonly column: number
}
