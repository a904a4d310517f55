/**
 * API keys of an instance: create, rotate, limit, expire, delete. Only digests of keys are stored. Start reading at
 * api-keys.ts.
 */
export {
  type ApiKey,
  createApiKey,
  deleteApiKey,
  deleteOldApiKeys,
  listAllApiKeys,
  listApiKeys,
  listExpiredApiKeys,
  rotateApiKey,
} from './api-keys.ts'
export { keyScopeInput, readKeyScope } from './scope.ts'
