import { remove } from '../../api/calls.ts'
import { requireInstance } from '../../apps.ts'
import { printJson, sayDone } from '../../cli.ts'
import { defineCommand, jsonInput, required, serverInput } from '../../command.ts'
import { CliError } from '../../failure.ts'
import { apiKeysPath, listApiKeys } from '../../keys.ts'
import { connectAsUser } from '../../session.ts'

/** Deletes a key; when this ends, the next request with it is refused. */
export const deleteKey = defineCommand({
  name: 'keys delete',
  summary: 'Delete an API key; it stops working at once',
  input: {
    app: required('name, alias or id'),
    key: required('name or id of the key'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const connection = await connectAsUser(cli, input.server)
    const instance = await requireInstance(cli, connection, input.app)
    const keys = await listApiKeys(connection, instance)
    const byId = keys.filter(({ id }) => id === input.key)
    const found = byId.length > 0 ? byId : keys.filter(({ name }) => name === input.key)
    const [key, ...others] = found
    if (!key || others.length > 0)
      throw new CliError(
        key ? 'ambiguous' : 'not_found',
        `${instance.alias} has ${key ? 'several keys' : 'no key'} called "${input.key}".`,
        { hints: [`The ids are listed by: space keys list ${instance.alias}`] },
      )
    await remove(connection, `${apiKeysPath(instance)}/${encodeURIComponent(key.id)}`)
    sayDone(cli, `Deleted the key ${key.name}`)
    if (input.json) printJson(cli, { deleted: key.id })
  },
})
