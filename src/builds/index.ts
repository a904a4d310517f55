/**
 * Builds: from an uploaded archive to a runnable revision, per engine. Owns unpacking, dependency installation,
 * build commands and the revision's folder. Runs all code of the app through the runner; knows nothing of instances,
 * hosts or requests. Start reading at `build-revision.ts`.
 */
export { type AuditPackages, auditPackages, createPackageAudit } from './audit/audit-packages.ts'
export type { PackageAudit, Registries } from './audit/types.ts'
export { findStartCause } from './blame/start-cause.ts'
export { buildRevision } from './build-revision.ts'
export { type BuildBounds, buildBoundsOf } from './build-bounds.ts'
export { BuildCaches, openBuildCaches, type CacheUse } from './build-caches.ts'
export { discardTornCaches } from './cache-marks.ts'
export { digestTree } from './reuse/digest-tree.ts'
export { readSbom, type Sbom } from './sbom/cyclone-dx.ts'
export { provideForMicros } from './tools/provide-for-micros.ts'
export { ToolStore, openToolStore, type ToolUse } from './tools/tool-store.ts'
export { repairPermissions } from './repair-permissions.ts'
export type { BuildDeps, BuildInput, BuildResult, BuiltMicro, PushedArchive } from './types.ts'
