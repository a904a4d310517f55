/**
 * API keys of an instance: create, rotate, limit, expire, delete. Only digests of keys are stored. Start reading at
 * api-keys.ts.
 */
export type { ApiKey } from './api-key.ts'
export {
  createApiKey,
  deleteApiKey,
  listAllApiKeys,
  listApiKeys,
  requireApiKey,
  rotateApiKey,
} from './api-keys.ts'
export { expireApiKeys } from './expire.ts'
export { keyEntry } from './key-entry.ts'
export { readKeyScope, type WantedScope } from './scope.ts'
