import { type RuleSet, servingMicro } from '../access/index.ts'
import type { SharedApp, SharedMicro } from './app-pool.ts'
import type { InstanceEntry, LocatedInstance, LocatedMicro, MicroEntry, UpstreamEntry } from './types.ts'

/** A micro of one instance: what its app says of it, and where it is now. */
export class MicroRecord implements LocatedMicro {
  readonly shared: SharedMicro
  upstream: UpstreamEntry

  constructor(shared: SharedMicro, { upstream }: MicroEntry) {
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
    return this.shared.rules
  }
}

/** An instance as it is decided from. A class for its memory, like `SharedMicro`. */
export class InstanceRecord implements LocatedInstance {
  readonly id: string
  readonly app: SharedApp
  readonly userIds: readonly string[]
  readonly micros: readonly MicroRecord[]
  readonly hosts: readonly string[]
  readonly appName: string
  readonly internalKeyDigest: string
  readonly isDevelopment: boolean
  /** Most requests are for it, and it is found without a way through the list. */
  readonly #primary: MicroRecord | null

  /** `app`: of these very micros. */
  constructor(entry: InstanceEntry, app: SharedApp) {
    this.id = entry.id
    this.app = app
    this.userIds = entry.userIds
    this.micros = entry.micros.map((micro, index) => new MicroRecord(app.micros[index]!, micro))
    this.hosts = entry.hosts
    this.appName = entry.appName
    this.internalKeyDigest = entry.internalKeyDigest
    this.isDevelopment = entry.isDevelopment
    this.#primary = this.micros.find(({ primary }) => primary) ?? null
  }

  /** The micro that serves this path, or null. */
  microAt(path: string): MicroRecord | null {
    const shared = servingMicro(this.app.micros, path)
    if (shared === null) return null
    return shared === this.#primary?.shared ? this.#primary : (this.micros[shared.index] ?? null)
  }
}

/** What was put, with the upstreams of now. */
export function entryOf(record: InstanceRecord): InstanceEntry {
  const { id, appName, hosts, userIds, internalKeyDigest, isDevelopment } = record
  const micros = record.micros.map(({ shared, upstream }) => ({ ...shared.spec, upstream }))
  return { id, appName, hosts, userIds, internalKeyDigest, isDevelopment, micros }
}
