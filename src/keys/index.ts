/**
 * API keys of an instance: create, rotate, limit, expire, delete. Only digests of keys are stored. Start reading at
 * api-keys.ts.
 */
export type { ApiKey } from './api-key.ts'
export {
  createApiKey,
  deleteApiKey,
  deleteOldApiKeys,
  listAllApiKeys,
  listApiKeys,
  recheckExpiredApiKeys,
  rotateApiKey,
} from './api-keys.ts'
export { keyEntry } from './key-entry.ts'
export { keyScopeInput, readKeyScope } from './scope.ts'
export { keysMigrations } from './migrations/index.ts'
export type { KeysTables } from './schema.ts'
