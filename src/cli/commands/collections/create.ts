import { api } from '../../api/calls.ts'
import { defineCommand, jsonInput, required, serverInput } from '../../command.ts'
import { connectAsUser } from '../../connect.ts'
import { printJson, sayDone } from '../../context.ts'

/** Creates a collection that no app uses; data keys open it. */
export const createCollection = defineCommand({
  name: 'collections create',
  summary: 'Create a collection without an app',
  input: { name: required('name of the collection'), server: serverInput, json: jsonInput },
  async run(cli, { name, server, json }) {
    const connection = await connectAsUser(cli, server)
    const collection = await api(connection, 'POST /collections', { body: { name } })
    sayDone(
      cli,
      `Created the collection ${collection.name}. For a key: ${cli.command} data-keys create ${collection.id}`,
    )
    if (json) printJson(cli, collection)
    else cli.out.line(collection.id)
  },
})
