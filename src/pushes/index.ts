/**
 * Pushes: from an uploaded archive to a live instance. Owns the order of a push (upload, build, release, installation,
 * switch), its logs, how many run at once, and the retention of old revisions. If a push fails, or the server stops at
 * any step, the previous revision keeps serving. Knows nothing of HTTP. Start reading at pipeline.ts.
 */
export { Deployments, startDeployments } from './deployments.ts'
export { startDiskWatch } from './disk-watch.ts'
export { type ServerTables, serverMigrations } from './schema.ts'
