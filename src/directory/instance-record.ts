import { assignRules, compileRules, type RuleSet } from '../access/index.ts'
import type { InstanceEntry, LocatedInstance, LocatedMicro, MicroEntry, UpstreamEntry } from './types.ts'

/** An instance as it is decided from. */
export interface InstanceRecord extends LocatedInstance {
  readonly internalKeyDigest: string
  readonly micros: readonly MicroRecord[]
}

/** A class for its memory: what is looked at for every request lies in one object. */
export class MicroRecord implements LocatedMicro {
  readonly name: string
  readonly primary: boolean
  readonly mount: string
  readonly apiKeys: boolean
  upstream: UpstreamEntry
  readonly entry: MicroEntry
  readonly #siblings: readonly MicroEntry[]
  #rules: RuleSet | null = null

  constructor(entry: MicroEntry, siblings: readonly MicroEntry[]) {
    this.name = entry.name
    this.primary = entry.primary
    this.mount = entry.primary ? '/' : entry.mount
    this.apiKeys = entry.apiKeys
    this.upstream = entry.upstream
    this.entry = entry
    this.#siblings = siblings
  }

  /** Compiled when they are first asked for: most apps sleep. */
  get rules(): RuleSet {
    return (this.#rules ??= rulesOf(this.name, this.#siblings))
  }
}

function rulesOf(name: string, micros: readonly MicroEntry[]): RuleSet {
  const rules = assignRules(micros).find(({ micro }) => micro === name)
  return compileRules(rules ?? { publicRules: [], privateRules: [] })
}

export function createInstanceRecord(entry: InstanceEntry): InstanceRecord {
  return { ...entry, micros: entry.micros.map((micro) => new MicroRecord(micro, entry.micros)) }
}

/** What was put, with the upstreams of now. */
export function entryOf(record: InstanceRecord): InstanceEntry {
  const { id, appName, hosts, userIds, internalKeyDigest, isDevelopment } = record
  const micros = record.micros.map(({ entry, upstream }) => ({ ...entry, upstream }))
  return { id, appName, hosts, userIds, internalKeyDigest, isDevelopment, micros }
}
