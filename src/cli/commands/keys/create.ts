import { postJson } from '../../api/calls.ts'
import type { ApiKey } from '../../api/types.ts'
import { requireInstance } from '../../apps.ts'
import { printJson, sayDone, sayNotice } from '../../cli.ts'
import { defineCommand, jsonInput, optional, serverInput, text } from '../../command.ts'
import { tokenName } from '../../identity.ts'
import { apiKeysPath } from '../../keys.ts'
import { printable } from '../../printable.ts'
import { connectAsUser } from '../../session.ts'

/** Makes an API key of an app. The value is the result on stdout, this once. */
export const createKey = defineCommand({
  name: 'keys create',
  summary: 'Create an API key; it is shown once',
  input: {
    app: optional('name, alias or id; the app of this folder when left out'),
    name: text('name', 'what the key is for', { short: 'n' }),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const connection = await connectAsUser(cli, input.server)
    const instance = await requireInstance(cli, connection, input.app)
    const key = await postJson<ApiKey & { value: string }>(connection, apiKeysPath(instance), {
      name: input.name ?? tokenName(),
    })
    sayDone(cli, `Created the key ${cli.err.colors.bold(key.name)}. Keep it now: it is not shown again.`)
    if (!instance.api_keys_enabled)
      sayNotice(
        cli,
        'No micro takes keys yet: write "presets: { api_keys: true }" in the Spacefile and push.',
      )
    if (input.json) return printJson(cli, { ...key, instance_id: instance.id })
    cli.out.line(key.value)
    // Without the value: stdout may go to a file, and stderr to a log that others read.
    cli.err.line(cli.err.colors.dim(`  curl -H "X-Space-App-Key: $KEY" ${printable(instance.url)}/`))
  },
})
