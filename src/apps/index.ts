/**
 * Apps: what was pushed and what runs. Owns projects, builds and revisions (as rows), releases, installations,
 * instances with their host names and keys, API keys and env values. Never builds or runs anything, and never
 * answers for a row of somebody else: what a person asks for is found under their own id or not at all.
 */
export { createApp, listApps, requireApp, type App, type NewApp } from './apps.ts'
export {
  completeBuild,
  createBuild,
  listBuilds,
  listRevisions,
  requireBuild,
  requireRevisionMicros,
  setBuildIcon,
  startBuild,
  type Build,
  type NewBuild,
} from './builds.ts'
export {
  completeRelease,
  createRelease,
  listReleases,
  requireRelease,
  type NewRelease,
  type Release,
  type ReleaseFilter,
} from './releases.ts'
export {
  completeInstallation,
  createInstallation,
  listInstallations,
  requireInstallation,
  type Installation,
  type InstallationFilter,
  type NewInstallation,
} from './installations.ts'
export {
  deleteInstance,
  getInstance,
  listAllInstances,
  listInstances,
  requireInstance,
  type Instance,
  type InstanceFilter,
} from './instances.ts'
export {
  prepareInstance,
  putRevision,
  requireInstanceIdentity,
  type InstanceIdentity,
  type Installed,
} from './instance-identity.ts'
export { createApiKey, deleteApiKey, listAllApiKeys, listApiKeys, type ApiKey } from './api-keys.ts'
export { listEnvValues, setEnvValues, type EnvValue } from './env-values.ts'
export { endInterruptedWork, failWork } from './work.ts'
export { KEPT_BUILDS, listKeptIds, pruneBuilds, type Pruned } from './retention.ts'
export { revisionMicros, type RevisionMicro } from './revision-micro.ts'
export { appsMigrations } from './migrations.ts'
export type { AppsTables, Channel, WorkStatus } from './schema.ts'
