import { findMounted, type RuleSet } from '../../access/index.ts'
import type { CompiledApp, CompiledMicro } from './compiled-apps.ts'
import type { InstanceEntry, LocatedInstance, LocatedMicro, MicroEntry, UpstreamEntry } from '../types.ts'

/**
 * A micro of one instance: its definition, and where it runs now. A class because of memory: with 100,000 instances,
 * each object on the way to a value is a cache miss.
 */
class MicroRecord implements LocatedMicro {
  readonly shared: CompiledMicro
  upstream: UpstreamEntry
  #rules: RuleSet | null = null

  constructor(shared: CompiledMicro, { upstream }: MicroEntry) {
    this.shared = shared
    this.upstream = upstream
  }

  get name(): string {
    return this.shared.name
  }
  get primary(): boolean {
    return this.shared.primary
  }
  get mount(): string {
    return this.shared.mount
  }
  get apiKeys(): boolean {
    return this.shared.apiKeys
  }
  get rules(): RuleSet {
    return (this.#rules ??= this.shared.rules)
  }
}

/** An instance in the form that requests are decided with. A class because of memory, like `MicroRecord`. */
export class InstanceRecord implements LocatedInstance {
  readonly id: string
  readonly app: CompiledApp
  readonly userIds: readonly string[]
  readonly micros: readonly MicroRecord[]
  readonly hosts: readonly string[]
  readonly appName: string
  readonly internalKeyDigest: string
  readonly collectionId: string
  readonly isDevelopment: boolean
  readonly addsRuntime: boolean
  readonly #mounts: string
  readonly #primary: MicroRecord | null

  /** `app`: compiled from exactly these micros. */
  constructor(entry: InstanceEntry, app: CompiledApp) {
    this.id = entry.id
    this.app = app
    this.userIds = entry.userIds
    this.micros = entry.micros.map((micro, index) => new MicroRecord(app.micros[index]!, micro))
    this.hosts = entry.hosts
    this.appName = entry.appName
    this.internalKeyDigest = entry.internalKeyDigest
    this.collectionId = entry.collectionId
    this.isDevelopment = entry.isDevelopment
    this.addsRuntime = entry.addsRuntime
    this.#mounts = app.mounts
    this.#primary = this.micros.findLast(({ primary }) => primary) ?? null
  }

  /** The micro that serves this path, or null. */
  microAt(path: string): MicroRecord | null {
    const position = findMounted(this.#mounts, path)
    return position < 0 ? this.#primary : (this.micros[position] ?? null)
  }
}

/** The entry that was put, with the current upstreams. */
export function entryOf(record: InstanceRecord): InstanceEntry {
  const { id, appName, hosts, userIds, internalKeyDigest, collectionId } = record
  const { isDevelopment, addsRuntime } = record
  const micros = record.micros.map(({ shared, upstream }) => ({ ...shared.spec, upstream }))
  const names = { id, appName, hosts, userIds, internalKeyDigest, collectionId }
  return { ...names, isDevelopment, addsRuntime, micros }
}
