import type { BuildRunner, Tool } from '../../runner/index.ts'
import { BuildFailure } from '../failure.ts'
import { ToolFailure } from './registry.ts'
import { type ToolVersion, parseToolName, toolName, toolTitle } from './tool-name.ts'
import type { ToolStore } from './tool-store.ts'

/** The tools that one micro is built with. Held until disposed. */
export interface MicroTools extends Disposable {
  /** The last one added wins. */
  readonly list: readonly Tool[]
  /** Null: this server fetches no tools. */
  readonly store: ToolStore | null
  /** Variables that every command gets. */
  readonly env: Readonly<Record<string, string>>
  setEnv(env: Readonly<Record<string, string>>): void
  /** Adds a tool. Returns why it cannot be had, or null. */
  add(tool: ToolVersion): Promise<string | null>
  /** For a version that could not even be chosen. */
  setLacking(): void
  /** Whether a tool could not be had: with it, the same source may build differently. */
  readonly lacksTool: boolean
  /** Of one kind; null: none was added. */
  versionOf(kind: ToolVersion['kind']): string | null
  /** For a call of the store. */
  readonly fetching: { readonly runner: BuildRunner; readonly signal?: AbortSignal }
}

export interface MicroToolsOptions {
  readonly store: ToolStore | null
  readonly runner: BuildRunner
  readonly signal?: AbortSignal
  readonly log: (line: string) => void
}

export function createMicroTools({ store, runner, signal, log }: MicroToolsOptions): MicroTools {
  const held = new DisposableStack()
  const list: Tool[] = []
  const env: Record<string, string> = {}
  const lacks = { tool: false }
  const fetching = { runner, ...(signal ? { signal } : {}) }
  const onFetch = (title: string) => log(`Fetching ${title} from the npm registry...`)
  return {
    list,
    store,
    env,
    fetching,
    setEnv: (more) => void Object.assign(env, more),
    async add(tool) {
      if (store === null) return 'this server fetches no tools'
      const name = toolName(tool)
      if (list.some((one) => one.name === name)) return null
      try {
        list.unshift(...held.use(await store.provide([name], { ...fetching, onFetch })).tools)
        log(`Using ${toolTitle(tool)}`)
        return null
      } catch (error) {
        lacks.tool = true
        return reasonOf(error, signal)
      }
    },
    setLacking: () => void (lacks.tool = true),
    get lacksTool() {
      return lacks.tool
    },
    versionOf: (kind) =>
      list.map(({ name }) => parseToolName(name)).find((tool) => tool?.kind === kind)?.version ?? null,
    [Symbol.dispose]: () => held.dispose(),
  }
}

/** A tool that cannot be fetched does not fail the build, unless the server stops. */
export function reasonOf(error: unknown, signal: AbortSignal | undefined): string {
  if (signal?.aborted)
    throw new BuildFailure('system', 'The server is stopping. Run again: space push', error)
  if (error instanceof ToolFailure) return error.message
  throw error
}
