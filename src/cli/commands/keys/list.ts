import { printJson } from '../../cli.ts'
import { defineCommand, jsonInput, optional, serverInput } from '../../command.ts'
import { requireInstance } from '../../apps.ts'
import { formatTable } from '../../format.ts'
import { listApiKeys } from '../../keys.ts'
import { printable } from '../../printable.ts'
import { connectAsUser } from '../../session.ts'

export const listKeys = defineCommand({
  name: 'keys list',
  summary: 'List the API keys of an app',
  input: {
    app: optional('name, alias or id; the app of this folder when left out'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const connection = await connectAsUser(cli, input.server)
    const instance = await requireInstance(cli, connection, input.app)
    const keys = await listApiKeys(connection, instance)
    if (input.json) return printJson(cli, { keys })
    if (keys.length === 0)
      return cli.err.line(`No keys yet. Make one: ${cli.command} keys create ${instance.alias}`)
    const rows = keys.map(({ id, name, created_at }) => [
      printable(name),
      printable(created_at),
      printable(id),
    ])
    for (const line of formatTable([['NAME', 'CREATED', 'ID'], ...rows], cli.out.colors)) cli.out.line(line)
  },
})
