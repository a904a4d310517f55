/**
 * Builds: from an uploaded archive to a runnable revision, per engine. Owns unpacking, dependency installation,
 * build commands and the revision's folder. Runs everything of the app inside the runtime's sandbox; knows
 * nothing of instances, hosts or requests.
 */
export { buildRevision } from './build-revision.ts'
export { BuildCaches, openBuildCaches, type CacheUse } from './build-caches.ts'
export { discardTornCaches } from './cache-marks.ts'
export { mendTree } from './mend-tree.ts'
export type { BuildDeps, BuildInput, BuildResult, BuiltMicro } from './types.ts'
