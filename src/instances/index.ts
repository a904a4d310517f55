/**
 * Instances: an app that a person runs. Owns its row, host names, credentials, environment values, access overrides,
 * its processes (start, wake, sleep, drain, crash) and its entry in the directory. Never decides who may call. Start
 * reading at instance-service.ts; for processes at instance-processes.ts.
 */
export { type AppHosts, createAppHosts } from './app-hosts.ts'
export { type InstanceCredentials, prepareInstance, putRevision } from './credentials.ts'
export { customHosts } from './directory-entries.ts'
export { type EnvValue, listEnvValues, setEnvValues } from './env-values.ts'
export { findByHost, type InstanceHost, instanceHostOf, servedName } from './find-by-host.ts'
export { findHairpinRoute } from './hairpin.ts'
export { startIdleReaper } from './idle-reaper.ts'
export { InstanceProcesses, type InstanceProcessesDeps } from './instance-processes.ts'
export { InstanceService, type InstanceStatus } from './instance-service.ts'
export {
  deleteInstance,
  getBuilderInstance,
  getInstance,
  type Instance,
  type InstanceEnd,
  effectiveMicros,
  listAllInstances,
  listInstances,
  requireInstance,
} from './instances.ts'

export { type ExposedRule, listExposedRules, trackExposure } from './open-since.ts'

export { ProcessRegistry, type RunningProcess } from './process-registry.ts'
export { isProcess, microSpec, type Revision } from './process-spec.ts'
export { instancesMigrations } from './migrations/index.ts'
export type { DomainFinding, DomainProof, InstancesTables } from './schema.ts'
