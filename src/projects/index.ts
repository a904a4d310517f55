/**
 * Projects: what a developer pushes. Owns apps, builds with their revisions, releases and installations, as rows, and
 * the status of each operation. Never builds or runs anything, and returns another person's row never. Start reading
 * at apps.ts.
 */
export { type App, createApp, listAppIds, listApps, requireApp } from './apps.ts'
export {
  type Build,
  completeBuild,
  createBuild,
  listBuilds,
  listRevisions,
  parseMicros,
  requireBuild,
  requireRevisionMicros,
  setBuildIcon,
  startBuild,
} from './builds.ts'
export {
  createInstallation,
  type Installation,
  listInstallations,
  requireInstallation,
} from './installations.ts'
export { appsMigrations } from './migrations.ts'
export { newInstanceAlias } from './names.ts'
export {
  SERVER_STOPPED,
  completeOperation,
  endInterruptedOperations,
  failOperation,
  type OperationRef,
} from './operations.ts'
export { createRelease, listReleases, type Release, requireRelease } from './releases.ts'
export { type RevisionMicro, revisionMicros } from './revision-micro.ts'
export type { AppsTables, Channel, DomainFinding, DomainProof, OperationStatus } from './schema.ts'
