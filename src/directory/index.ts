/**
 * The directory: hosts, micros, rules, sessions and keys, as the gateway needs them. Owns the index in memory
 * (`index/`), and the channel that carries snapshot and deltas from the platform (`publisher/`) to gateways and to the
 * process that opens collections (`replica/`). Never touches a database, and holds digests instead of secrets, except
 * the one secret that signs identities. Start at `protocol.ts`.
 */
export { DirectoryPublisher } from './publisher/directory-publisher.ts'
export type { PublisherOptions } from './publisher/directory-publisher.ts'
export { DirectoryReplica } from './replica/directory-replica.ts'
export { DataKeyReplica } from './replica/data-key-replica.ts'
export type { ReplicaOptions } from './replica/replica-link.ts'
export type { DataKeyRecord } from './index/data-key-store.ts'
export { canonicalHostName } from './index/host-name.ts'
export { identityKeyOf } from './identity-key.ts'
export { NotesOnce } from './notes-once.ts'
export type {
  DataKeyEntry,
  DirectoryChange,
  InstanceEntry,
  KeyEntry,
  LocatedInstance,
  LocatedMicro,
  Location,
  LogNote,
  MicroCrash,
  MicroEntry,
  MicroRef,
  Refusal,
  SessionEntry,
  StrangerLimits,
  UpstreamAddress,
  UpstreamEntry,
  UseCount,
  WakeResult,
} from './types.ts'
