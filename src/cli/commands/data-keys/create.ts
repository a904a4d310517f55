import { api } from '../../api/calls.ts'
import { connectToCollection } from '../../collections/collections.ts'
import { defineCommand, flag, jsonInput, list, required, serverInput, text } from '../../command.ts'
import { printJson, sayDone } from '../../context.ts'
import { tokenName } from '../../token-name.ts'

/** Creates a data key. Prints its value, which is shown only once, on stdout. */
export const createDataKey = defineCommand({
  name: 'data-keys create',
  summary: 'Create a data key of a collection; it is shown once',
  input: {
    collection: required('name or id'),
    name: text('name', 'what the key is for', { short: 'n' }),
    readOnly: flag('let the key read only'),
    base: list('name', 'limit to this Base; repeatable'),
    drive: list('name', 'limit to this Drive; repeatable'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, collection } = await connectToCollection(cli, input)
    const key = await api(connection, 'POST /collections/:id/keys', {
      params: { id: collection.id },
      body: {
        name: input.name ?? tokenName(),
        read_only: input.readOnly,
        ...(input.base.length > 0 && { bases: input.base }),
        ...(input.drive.length > 0 && { drives: input.drive }),
      },
    })
    sayDone(cli, `Created the data key ${key.name}. Store it now: it is not shown again.`)
    if (input.json) printJson(cli, { ...key, collection_id: collection.id })
    else cli.out.line(key.value)
  },
})
