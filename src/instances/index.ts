/**
 * Instances: an app that a person runs. Owns its row, host names, credentials, environment values, access overrides,
 * its processes (start, wake, sleep, crash) and its entry in the directory. Never decides who may call. Start reading
 * at instances.ts.
 */
export { type AppHosts, createAppHosts } from './app-hosts.ts'
export { type InstanceCredentials, prepareInstance, putRevision, rotateInternalKey } from './credentials.ts'
export { customHosts } from './directory-entries.ts'
export { createDirectoryFeed, type DirectoryFeed, type Publisher } from './directory-feed.ts'
export { type EnvValue, listEnvValues, setEnvValues } from './env-values.ts'
export { findByHost, type InstanceHost, instanceHostOf, servedName } from './find-by-host.ts'
export { findHairpinRoute } from './hairpin.ts'
export { startIdleReaper } from './idle-reaper.ts'
export {
  deleteInstance,
  getBuilderInstance,
  getInstance,
  type Instance,
  effectiveMicros,
  listAllInstances,
  listInstances,
  requireInstance,
} from './instances.ts'
export type { MicroRunner } from './micro-runner.ts'
export { type ExposedRule, listExposedRules, trackExposure } from './open-since.ts'
export { replaceOverrides } from './overrides.ts'
export { isProcess, microSpec, processIds, type Revision } from './process-spec.ts'
export { instancesMigrations } from './migrations/index.ts'
export type { DomainFinding, DomainProof, InstancesTables } from './schema.ts'
