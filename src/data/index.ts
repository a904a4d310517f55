/**
 * Data: the process that opens collections.
 * Owns its doors (`doors/`: gateways, sandboxes, the platform), the judgement of data keys, the share of each collection in
 * the calls under way (`calls/`), and the platform's client (`client/`).
 * Never decides about sessions: gateways do. Start reading at start-data.ts.
 */
export { DataClient, type PlatformCall } from './client/data-client.ts'
export { DATA_LIMITS, type DataLimits } from './limits.ts'
export { type Moved, MoveRefused, type Place, type Places } from './places.ts'
export type { DataServices } from './services.ts'
export { GATEWAY_SOCKET, PLATFORM_SOCKET, startData } from './start-data.ts'
export type { DataOptions, SandboxDoorOptions } from './start-data.ts'
