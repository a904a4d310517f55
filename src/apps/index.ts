/**
 * Apps: what was pushed and what runs. Owns projects, builds and revisions (as rows), releases, installations,
 * instances with their host names, custom domains and keys, API keys and env values, what owners took back of what is
 * public, and the ledger of uses. Never builds or runs anything, and never answers for a row of somebody else: what a
 * person asks for is found under their own id or not at all.
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
  getBuilderInstance,
  getInstance,
  judgedMicros,
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
  rotateInternalKey,
  type InstanceIdentity,
  type Installed,
} from './instance-identity.ts'
export { replaceOverrides } from './access-overrides.ts'
export { listExposedRules, trackExposure, type ExposedRule } from './exposed-rules.ts'
export {
  exposureOfPush,
  getBuildExposure,
  setBuildExposure,
  withMount,
  type BuildExposure,
  type MountedRoute,
} from './build-exposure.ts'
export { KEPT_DAYS, addUses, sweepUses, usesOf, type Use, type UseCount } from './uses.ts'
export { requireIdentitySecret } from './identity-secret.ts'
export {
  createApiKey,
  deleteApiKey,
  deleteOldApiKeys,
  listAllApiKeys,
  listApiKeys,
  listExpiredApiKeys,
  rotateApiKey,
  type ApiKey,
  type KeyScope,
} from './api-keys.ts'
export {
  activateDomain,
  addDomain,
  deleteDomain,
  listDomainNames,
  listDomains,
  listDueDomains,
  noteDomainCheck,
  requireDomain,
  type NewDomain,
} from './domains.ts'
export type { Domain, DomainStatus } from './domain.ts'
export { DOMAIN_LIMITS } from './domain-limits.ts'
export { parseDomainName } from './domain-name.ts'
export { listEnvValues, setEnvValues, type EnvValue } from './env-values.ts'
export { endInterruptedWork, failWork } from './work.ts'
export { KEPT_BUILDS, deleteApp, listKeptIds, pruneBuilds, type Pruned } from './retention.ts'
export { revisionMicros, type RevisionMicro } from './revision-micro.ts'
export { appsMigrations } from './migrations.ts'
export type { AppsTables, Channel, DomainFinding, DomainProof, WorkStatus } from './schema.ts'
