/**
 * Deploy: from an uploaded archive to a live instance, and the directory that tells gateways of it. Owns the order of a
 * push (archive, build, release, installation, switch), its logs, how many run at once, what is left of old
 * revisions, and when a custom domain begins and ceases to be served. Whatever fails, or wherever the server stops, the
 * revision that served before goes on serving. Knows nothing of HTTP and never decides who may call.
 */
export { Deployments, startDeployments } from './deployments.ts'
export type { DeploymentsDeps, InstanceStatus } from './deployments.ts'
export { type Publisher } from './directory-feed.ts'
export { customHosts, keyEntry, sessionEntry } from './directory-entries.ts'
export { openFolders, type Folders } from './folders.ts'
export { startBedtime, type BedtimeOptions } from './bedtime.ts'
export { findDoor } from './door.ts'
export { createAppHosts, hostNameOf, type AppHosts } from './hosts.ts'
export { proofOf } from './domains.ts'
export { startDomainChecks } from './domain-checks.ts'
export { createTxtLookup, type TxtLookup } from './txt-lookup.ts'
export type { MicroRunner } from './micro-runner.ts'
