import { remove } from '../../api/calls.ts'
import { connectToInstance } from '../../apps.ts'
import { printJson, sayDone } from '../../context.ts'
import { defineCommand, jsonInput, required, serverInput } from '../../command.ts'
import { apiKeyPath, requireApiKey } from '../../keys/api-keys.ts'

/** Deletes a key. When this resolves, every request with the key is refused. */
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
    const { connection, instance } = await connectToInstance(cli, input)
    const key = await requireApiKey(connection, instance, input.key)
    await remove(connection, apiKeyPath(instance, key))
    sayDone(cli, `Deleted the key ${key.name}`)
    if (input.json) printJson(cli, { deleted: key.id })
  },
})
