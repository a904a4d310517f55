import { assignRules, compileRules, type RuleSet } from '../access/index.ts'
import type { InstanceEntry, LocatedInstance, LocatedMicro, MicroEntry, UpstreamEntry } from './types.ts'

/** An instance as it is decided from. What takes work is done when it is first asked for. */
export interface InstanceRecord extends LocatedInstance {
  readonly internalKeyDigest: string
  /** Longest mount first, the primary last. */
  readonly micros: readonly MicroRecord[]
}

export interface MicroRecord extends LocatedMicro {
  readonly entry: MicroEntry
  upstream: UpstreamEntry
}

export function createInstanceRecord(entry: InstanceEntry): InstanceRecord {
  const micros = entry.micros.map((micro) => createMicroRecord(micro, entry.micros))
  return { ...entry, micros: micros.sort(byMount) }
}

const byMount = (a: MicroRecord, b: MicroRecord): number =>
  Number(a.primary) - Number(b.primary) || b.mount.length - a.mount.length

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

/** The micro whose mount holds `path`, on whole segments and exactly as written; null if there is no primary. */
export function microAt(record: InstanceRecord, path: string): MicroRecord | null {
  for (const micro of record.micros) if (isBelow(path, micro)) return micro
  return null
}

function isBelow(path: string, { mount, primary }: MicroRecord): boolean {
  if (primary || mount === '/') return primary
  return path.startsWith(mount) && (path.length === mount.length || path[mount.length] === '/')
}

/** What the micro is asked for: the path without its mount. */
export const pathBelow = (path: string, { mount }: MicroRecord): string =>
  mount === '/' ? path : path.slice(mount.length) || '/'
