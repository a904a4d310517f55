/**
 * The supervisor behind `space serve`: holds the data folder's lock and the ports, keeps platform and gateway alive as two
 * processes, and prints the start banner. Owns no state of the product and serves no request.
 */
export { checkCertificates } from './certificates.ts'
export { DataFolderError, openDataFolder } from './data-folder.ts'
export { explainStartError } from './start-errors.ts'
export { childGrace } from './grace.ts'
export { createGatewayPool, type GatewayPool } from './gateway-pool.ts'
export { claimPorts } from './ports.ts'
export { RETIRE_SIGNAL, startChild, type Child } from './child.ts'
export type { ChildMessage, ParentMessage, ReadyMessage, Role } from './launch.ts'
export { startBanner } from './banner.ts'
