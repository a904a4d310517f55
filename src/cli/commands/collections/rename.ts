import { api } from '../../api/calls.ts'
import { connectToCollection } from '../../collections/collections.ts'
import { defineCommand, jsonInput, required, serverInput } from '../../command.ts'
import { printJson, sayDone } from '../../context.ts'

export const renameCollection = defineCommand({
  name: 'collections rename',
  summary: 'Rename a collection; its id and keys stay the same',
  input: {
    collection: required('name or id'),
    name: required('new name'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, collection } = await connectToCollection(cli, input)
    const renamed = await api(connection, 'PATCH /collections/:id', {
      params: { id: collection.id },
      body: { name: input.name },
    })
    sayDone(cli, `Renamed ${collection.name} to ${renamed.name}`)
    if (input.json) printJson(cli, renamed)
  },
})
