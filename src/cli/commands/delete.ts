import { remove } from '../api/calls.ts'
import { connectToInstance } from '../apps.ts'
import { printJson, sayDone } from '../cli.ts'
import { defineCommand, flag, jsonInput, required, serverInput } from '../command.ts'
import { CliError } from '../failure.ts'
import { askYesNo } from '../prompts.ts'

/** Stops an app and erases what it has. Asks first; a script has to say `--yes`. */
export const deleteApp = defineCommand({
  name: 'delete',
  summary: 'Stop an app and erase its data',
  input: {
    app: required('name, alias or id'),
    yes: flag('do not ask', { short: 'y' }),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, instance } = await connectToInstance(cli, input)
    if (!input.yes && !cli.isInteractive)
      throw new CliError('not_interactive', `Deleting ${instance.alias} cannot be undone.`, {
        hints: [`If you are sure: space delete ${instance.alias} --yes`],
        exitCode: 2,
      })
    const question = `Erase ${instance.alias} and all its data for good?`
    if (!input.yes && !(await askYesNo(cli, question, false))) return cli.err.line('Nothing was deleted.')
    await remove(connection, `/v0/instances/${encodeURIComponent(instance.id)}`)
    sayDone(cli, `Deleted ${instance.app_name} (${instance.alias})`)
    if (input.json) printJson(cli, { deleted: instance.id })
  },
})
