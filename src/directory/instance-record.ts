import { assignRules, compileRules, type RuleSet } from '../access/index.ts'
import type { InstanceEntry, LocatedInstance, LocatedMicro, MicroEntry, UpstreamEntry } from './types.ts'

/** An instance as it is decided from. What takes work is done when it is first asked for. */
export interface InstanceRecord extends LocatedInstance {
  readonly internalKeyDigest: string
  readonly micros: readonly MicroRecord[]
}

export interface MicroRecord extends LocatedMicro {
  readonly entry: MicroEntry
  upstream: UpstreamEntry
}

export function createInstanceRecord(entry: InstanceEntry): InstanceRecord {
  const micros = entry.micros.map((micro) => createMicroRecord(micro, entry.micros))
  return { ...entry, micros }
}

function createMicroRecord(entry: MicroEntry, all: readonly MicroEntry[]): MicroRecord {
  let rules: RuleSet | null = null
  return {
    entry,
    name: entry.name,
    primary: entry.primary,
    mount: entry.primary ? '/' : entry.mount,
    apiKeys: entry.apiKeys,
    upstream: entry.upstream,
    get rules() {
      return (rules ??= rulesOf(entry.name, all))
    },
  }
}

function rulesOf(name: string, micros: readonly MicroEntry[]): RuleSet {
  const rules = assignRules(micros).find(({ micro }) => micro === name)
  return compileRules(rules ?? { publicRules: [], privateRules: [] })
}

/** What was put, with the upstreams of now. */
export function entryOf(record: InstanceRecord): InstanceEntry {
  const { id, appName, hosts, userIds, internalKeyDigest, isDevelopment } = record
  const micros = record.micros.map(({ entry, upstream }) => ({ ...entry, upstream }))
  return { id, appName, hosts, userIds, internalKeyDigest, isDevelopment, micros }
}
