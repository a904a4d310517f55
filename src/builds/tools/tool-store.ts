import { mkdirSync } from 'node:fs'
import { readdir, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { removeTree } from '../../disk/index.ts'
import type { Logger } from '../../kernel/log.ts'
import type { BuildRunner, HeldTools, Tool } from '../../runner/index.ts'
import { discard } from '../discard.ts'
import { createHolds } from '../holds.ts'
import { fetchTool, readRecord, type ToolRecord } from './fetch-tool.ts'
import { type MachinePrograms, askMachine } from './machine-programs.ts'
import { type NewestVersions, createNewestVersions } from './newest-versions.ts'
import { ToolFailure } from './registry.ts'
import { type ToolVersion, parseToolName, toolName, toolTitle } from './tool-name.ts'

export interface ToolStoreOptions {
  /** Absolute; created if missing. */
  readonly dir: string
  /** Maximum size of all tools together; above it, the least recently used are evicted. */
  readonly totalBytes: number
  /** Whether the disk has enough space. */
  readonly hasRoom: () => boolean
  readonly log: Logger
  readonly now: () => number
}

export interface Fetching {
  readonly runner: BuildRunner
  readonly signal?: AbortSignal
  /** Called before a download. */
  readonly onFetch?: (title: string) => void
}

export interface ToolUse {
  readonly bytes: number
  readonly names: readonly string[]
}

/**
 * Programs of exact versions, fetched from the npm registry when an app asks for one and kept for all apps, which cannot
 * write to them. Bounded by size; a tool that a build or a running micro uses is not evicted.
 */
export class ToolStore {
  readonly #options: ToolStoreOptions
  readonly #holds = createHolds()
  readonly #fetches = new Map<string, Promise<void>>()
  #machine: Promise<MachinePrograms> | null = null
  readonly newest: NewestVersions['newest']

  /** Use `openToolStore`. */
  constructor(options: ToolStoreOptions) {
    this.#options = options
    mkdirSync(options.dir, { recursive: true })
    this.newest = createNewestVersions({ ...options, names: () => this.names() }).newest
  }

  /** Holds tools by name, and fetches those that are missing. Throws ToolFailure. */
  async provide(names: readonly string[], fetching: Fetching): Promise<HeldTools> {
    using held = new DisposableStack()
    const tools: Tool[] = []
    for (const name of names) {
      const tool = parseToolName(name)
      if (tool === null) throw new ToolFailure(`${name} is not the name of a tool`)
      // Before the look at the disk, so that it is not evicted in between.
      held.use(this.#holds.hold(name))
      await this.#require(tool, fetching)
      tools.push({ name, dir: this.#path(name) })
    }
    const release = held.move()
    return { tools, [Symbol.dispose]: () => release.dispose() }
  }

  now(): number {
    return this.#options.now()
  }

  /** Versions of this machine's own programs; asked once. */
  async machine({ runner, signal }: Fetching): Promise<MachinePrograms> {
    this.#machine ??= askMachine(this.#options.dir, runner, signal)
    try {
      return await this.#machine
    } catch (error) {
      this.#machine = null
      throw error
    }
  }

  record(name: string): Promise<ToolRecord | null> {
    return readRecord(this.#path(name))
  }

  /** Names of all tools that are there. */
  async names(): Promise<string[]> {
    const names = await readdir(this.#options.dir)
    return names.filter((name) => parseToolName(name) !== null).sort()
  }

  async use(): Promise<ToolUse> {
    const tools = await this.#list()
    return { bytes: tools.reduce((sum, { bytes }) => sum + bytes, 0), names: tools.map(({ name }) => name) }
  }

  /** At start: removes what an interrupted fetch has left, and enforces the limit. */
  async tidy(): Promise<void> {
    for (const name of await readdir(this.#options.dir))
      if (/^(asking|draft)-/.test(name)) await removeTree(join(this.#options.dir, name))
    await this.#trim()
  }

  async #require(tool: ToolVersion, fetching: Fetching): Promise<void> {
    const name = toolName(tool)
    for (;;) {
      const now = new Date(this.#options.now())
      const isHere = await utimes(this.#path(name), now, now).then(
        () => true,
        () => false,
      )
      if (isHere) return
      fetching.signal?.throwIfAborted()
      const running = this.#fetches.get(name)
      if (running === undefined) return this.#fetchOnce(tool, fetching)
      await otherFetch(running, fetching.signal)
    }
  }

  /** One fetch of a tool at a time. */
  async #fetchOnce(tool: ToolVersion, fetching: Fetching): Promise<void> {
    const name = toolName(tool)
    const fetch = this.#fetch(tool, fetching)
    this.#fetches.set(name, fetch)
    try {
      await fetch
    } finally {
      this.#fetches.delete(name)
    }
  }

  async #fetch(tool: ToolVersion, { runner, signal, onFetch }: Fetching): Promise<void> {
    const { dir, hasRoom, log } = this.#options
    if (!hasRoom()) throw new ToolFailure('the disk of this server is full')
    onFetch?.(toolTitle(tool))
    await fetchTool(tool, { dir, runner, ...(signal ? { signal } : {}) })
    log.info('fetched a tool', { tool: toolName(tool) })
    await this.#trim()
  }

  /** Evicts until the disk has enough space for builds; false if it has too little even without tools. */
  async makeRoom(): Promise<boolean> {
    const { hasRoom } = this.#options
    if (!hasRoom()) await this.#evictUntil(hasRoom)
    return hasRoom()
  }

  #trim(): Promise<void> {
    return this.#evictUntil((bytes) => bytes <= this.#options.totalBytes)
  }

  async #evictUntil(isEnough: (bytes: number) => boolean): Promise<void> {
    const oldestFirst = (await this.#list()).toSorted((a, b) => a.usedAtMs - b.usedAtMs)
    let bytes = oldestFirst.reduce((sum, tool) => sum + tool.bytes, 0)
    for (const tool of oldestFirst) {
      if (isEnough(bytes)) return
      if (this.#holds.isHeld(tool.name)) continue
      await discard(this.#path(tool.name), this.#options.dir)
      bytes -= tool.bytes
      this.#options.log.info('evicted a tool', { tool: tool.name })
    }
  }

  async #list() {
    const tools = (await this.names()).map(async (name) => {
      const [found, record] = await Promise.all([stat(this.#path(name)).catch(() => null), this.record(name)])
      return found && { name, bytes: record?.bytes ?? 0, usedAtMs: found.mtimeMs }
    })
    return (await Promise.all(tools)).filter((tool) => tool !== null)
  }

  #path(name: string): string {
    return join(this.#options.dir, name)
  }
}

export const openToolStore = (options: ToolStoreOptions): ToolStore => new ToolStore(options)

/** Ends with the fetch of another build or with the caller's signal. Throws its failure, except when only that build was stopped. */
async function otherFetch(running: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () => aborted.reject(signal!.reason as Error)
  signal?.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([running, aborted.promise])
  } catch (error) {
    signal?.throwIfAborted()
    if (!/was stopped|is stopping/.test((error as Error).message)) throw error
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
