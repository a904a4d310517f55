import type { KeyEntry } from '../directory/index.ts'
import type { ApiKey } from './api-key.ts'

/** What gateways know of a key: its scope and digest, never when it was made. */
export const keyEntry = (key: ApiKey): KeyEntry => ({
  id: key.id,
  name: key.name,
  digest: key.digest,
  instanceId: key.instanceId,
  micros: key.micros,
  methods: key.methods,
  paths: key.paths,
  expiresAtMs: key.expiresAtMs,
  perMinute: key.perMinute,
  origins: key.origins,
})
