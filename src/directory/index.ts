/**
 * The directory: hosts, micros, rules, sessions and keys, as the gateway needs them. Owns the in-memory index,
 * and the channel that carries snapshot and deltas from the platform (publisher) to gateways (replicas).
 * Never touches a database and never holds a secret, only digests.
 */
export { DirectoryPublisher } from './directory-publisher.ts'
export type { PublisherOptions } from './directory-publisher.ts'
export { DirectoryReplica } from './directory-replica.ts'
export type { ReplicaOptions } from './directory-replica.ts'
export { hostKey } from './host-key.ts'
export { identityKeyOf } from './identity-key.ts'
export type {
  DirectoryChange,
  InstanceEntry,
  KeyEntry,
  LocatedInstance,
  LocatedMicro,
  Location,
  MicroCrash,
  MicroEntry,
  MicroRef,
  Refusal,
  SessionEntry,
  UpstreamAddress,
  UpstreamEntry,
  UseCount,
  WakeResult,
} from './types.ts'
