import type { ApiKey } from '../../../contract/index.ts'
import { printJson } from '../../context.ts'
import { defineCommand, jsonInput, optional, serverInput } from '../../command.ts'
import { connectToInstance } from '../../apps.ts'
import { formatTable } from '../../format.ts'
import { listApiKeys } from '../../keys/api-keys.ts'
import { scopeText } from '../../keys/scope.ts'
import { printable } from '../../printable.ts'
import { relativeTimeOr } from '../../time.ts'

export const listKeys = defineCommand({
  name: 'keys list',
  summary: 'List the API keys of an app, with their use',
  input: {
    app: optional('name, alias or id; default: the app of this folder'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, instance } = await connectToInstance(cli, input)
    const keys = await listApiKeys(connection, instance)
    if (input.json) return printJson(cli, { keys })
    if (keys.length === 0)
      return cli.err.line(`No keys yet. Create one: ${cli.command} keys create ${instance.alias}`)
    const heading = ['NAME', 'SCOPE', 'CREATED', 'LAST USED', 'USES', 'EXPIRES', 'ID']
    for (const line of formatTable([heading, ...keys.map(rowOf)], cli.out.colors)) cli.out.line(line)
  },
})

const rowOf = (key: ApiKey): string[] => [
  printable(key.name),
  scopeText(key) || 'everything',
  printable(relativeTimeOr(key.created_at, '')),
  printable(relativeTimeOr(key.last_used_at, 'never')),
  String(key.uses ?? 0),
  printable(relativeTimeOr(key.expires_at, 'never')),
  printable(key.id),
]
