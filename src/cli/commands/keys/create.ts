import { postJson } from '../../api/calls.ts'
import type { NewApiKey } from '../../../contract/index.ts'
import { connectToInstance } from '../../apps.ts'
import { sayDone, sayNotice } from '../../context.ts'
import { defineCommand, jsonInput, list, optional, serverInput, text } from '../../command.ts'
import { tokenName } from '../../token-name.ts'
import { apiKeysPath } from '../../keys/api-keys.ts'
import { sayNewKey } from '../../keys/say-new-key.ts'
import { scopeOf } from '../../keys/scope.ts'

/** Makes an API key of an app. The value is the result on stdout, this once. */
export const createKey = defineCommand({
  name: 'keys create',
  summary: 'Create an API key; it is shown once',
  input: {
    app: optional('name, alias or id; the app of this folder when left out'),
    name: text('name', 'what the key is for', { short: 'n' }),
    micro: list('name', 'only for this micro; several: give it again'),
    method: list('method', 'only for this method: GET'),
    path: list('pattern', "only for these paths below the micro: '/hooks/*'"),
    expires: text('when', 'when it ends: 12h, 30d, 2030-12-31'),
    perMinute: text('number', 'at most so many requests a minute'),
    origin: list('origin', 'pages of this origin may use it: https://example.org'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const scope = scopeOf(input, Date.now())
    const { connection, instance } = await connectToInstance(cli, input)
    const name = input.name ?? tokenName()
    const key = await postJson<NewApiKey>(connection, apiKeysPath(instance), { name, ...scope })
    sayDone(cli, `Created the key ${cli.err.colors.bold(key.name)}. Keep it now: it is not shown again.`)
    if (!instance.api_keys_enabled)
      sayNotice(
        cli,
        'No micro takes keys yet: write "presets: { api_keys: true }" in the Spacefile and push.',
      )
    sayNewKey(cli, instance, key)
  },
})
