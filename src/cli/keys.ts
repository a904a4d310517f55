import { getJson } from './api/calls.ts'
import type { Connection } from './api/connection.ts'
import type { ApiKey, Instance } from './api/types.ts'

export const apiKeysPath = (instance: Instance) => `/v0/instances/${encodeURIComponent(instance.id)}/api_keys`

/** Without their values, which were shown once. */
export const listApiKeys = async (connection: Connection, instance: Instance): Promise<readonly ApiKey[]> =>
  (await getJson<{ keys: ApiKey[] }>(connection, apiKeysPath(instance))).keys
