import { getJson } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import type { ApiKey, Instance } from '../../contract/index.ts'
import { CliError } from '../failure.ts'

export const apiKeysPath = (instance: Instance) => `/v0/instances/${encodeURIComponent(instance.id)}/api_keys`

export const apiKeyPath = (instance: Instance, key: ApiKey) =>
  `${apiKeysPath(instance)}/${encodeURIComponent(key.id)}`

/** Without their values, which were shown once. */
export const listApiKeys = async (connection: Connection, instance: Instance): Promise<readonly ApiKey[]> =>
  (await getJson<{ keys: ApiKey[] }>(connection, apiKeysPath(instance))).keys

/** Finds a key by id or name. Throws `not_found`, or `ambiguous` when two keys have the name. */
export async function requireApiKey(
  connection: Connection,
  instance: Instance,
  reference: string,
): Promise<ApiKey> {
  const keys = await listApiKeys(connection, instance)
  const byId = keys.filter(({ id }) => id === reference)
  const [key, ...others] = byId.length > 0 ? byId : keys.filter(({ name }) => name === reference)
  if (key && others.length === 0) return key
  throw new CliError(
    key ? 'ambiguous' : 'not_found',
    `${instance.alias} has ${key ? 'several keys' : 'no key'} called "${reference}".`,
    { hints: [`To list the ids: space keys list ${instance.alias}`] },
  )
}
