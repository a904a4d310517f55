/**
 * The directory: hosts, micros, rules, sessions and keys, as the gateway needs them. Owns the in-memory index,
 * and the channel that carries snapshot and deltas from the platform (publisher) to gateways (replicas).
 * Never touches a database and never holds a secret, only digests.
 */
export type {
  DirectoryChange,
  InstanceEntry,
  KeyEntry,
  MicroEntry,
  SessionEntry,
  UpstreamAddress,
  UpstreamEntry,
  WakeResult,
} from './types.ts'
