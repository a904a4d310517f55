import { api } from '../../api/calls.ts'
import { connectToCollection } from '../../collections/collections.ts'
import { defineCommand, flag, jsonInput, required, serverInput } from '../../command.ts'
import { printJson, sayDone } from '../../context.ts'
import { CliError } from '../../failure.ts'
import { printable } from '../../printable.ts'
import { askYesNo } from '../../prompts.ts'

/** Deletes a collection with its data. Asks first; a script must pass `--yes`. */
export const deleteCollection = defineCommand({
  name: 'collections delete',
  summary: 'Delete a collection that no app uses, with all its data',
  input: {
    collection: required('name or id'),
    yes: flag('do not ask', { short: 'y' }),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, collection } = await connectToCollection(cli, input)
    const { id, name } = collection
    if (!input.yes && !cli.isInteractive)
      throw new CliError('not_interactive', `Deleting ${name} cannot be undone.`, {
        hints: [`To confirm: ${cli.command} collections delete ${id} --yes`],
        exitCode: 2,
      })
    if (
      !input.yes &&
      !(await askYesNo(cli, `Delete ${printable(name)} (${printable(id)}) and all its data?`, false))
    )
      return cli.err.line('Nothing was deleted.')
    await api(connection, 'DELETE /collections/:id', { params: { id } })
    sayDone(cli, `Deleted the collection ${name} (${id})`)
    if (input.json) printJson(cli, { deleted: id })
  },
})
