/**
 * Pushes: from an uploaded archive to a live instance. Owns the order of a push (upload, build, release, installation,
 * switch), its logs, how many run at once, and the retention of old revisions. If a push fails, or the server stops at
 * any step, the previous revision keeps serving. Knows nothing of HTTP. Start reading at pushes.ts.
 */
export { startDiskWatch } from './disk-watch.ts'
export type { PackageAudit } from '../builds/index.ts'
export { PUSH_LIMITS, type PushLimits } from './limits.ts'
export { Pushes, type PushesDeps } from './pushes.ts'
export { clearSpareFiles } from './spare-files.ts'
export { runStartChecks } from './start-checks.ts'
