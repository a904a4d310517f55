import { api } from '../../api/calls.ts'
import { connectToCollection, requireDataKey } from '../../collections/collections.ts'
import { defineCommand, jsonInput, required, serverInput } from '../../command.ts'
import { printJson, sayDone } from '../../context.ts'

/** Deletes a data key. When this resolves, every request with the key is refused. */
export const deleteDataKey = defineCommand({
  name: 'data-keys delete',
  summary: 'Delete a data key; it stops working at once',
  input: {
    collection: required('name or id'),
    key: required('name or id of the key'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, collection } = await connectToCollection(cli, input)
    const { id, name } = await requireDataKey(cli, connection, { collection, key: input.key })
    await api(connection, 'DELETE /collections/:id/keys/:key', { params: { id: collection.id, key: id } })
    sayDone(cli, `Deleted the data key ${name}`)
    if (input.json) printJson(cli, { deleted: id })
  },
})
