import { postJson } from '../../api/calls.ts'
import type { NewApiKey } from '../../../contract/index.ts'
import { connectToInstance } from '../../apps.ts'
import { sayDone, sayNotice } from '../../context.ts'
import { defineCommand, jsonInput, list, optional, serverInput, text } from '../../command.ts'
import { tokenName } from '../../token-name.ts'
import { apiKeysPath } from '../../keys/api-keys.ts'
import { sayNewKey } from '../../keys/say-new-key.ts'
import { scopeOf } from '../../keys/scope.ts'

/** Creates an API key of an app. Prints its value, which is shown only once, on stdout. */
export const createKey = defineCommand({
  name: 'keys create',
  summary: 'Create an API key; it is shown once',
  input: {
    app: optional('name, alias or id; default: the app of this folder'),
    name: text('name', 'what the key is for', { short: 'n' }),
    micro: list('name', 'limit to this micro; repeatable'),
    method: list('method', 'limit to this method, for example GET; repeatable'),
    path: list('pattern', "limit to these paths, relative to the micro: '/hooks/*'; repeatable"),
    expires: text('when', 'expiry: 12h, 30d, 2030-12-31'),
    perMinute: text('number', 'maximum requests per minute'),
    origin: list('origin', 'let pages of this origin use the key: https://example.org; repeatable'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const scope = scopeOf(input, Date.now())
    const { connection, instance } = await connectToInstance(cli, input)
    const name = input.name ?? tokenName()
    const key = await postJson<NewApiKey>(connection, apiKeysPath(instance), { name, ...scope })
    sayDone(cli, `Created the key ${cli.err.colors.bold(key.name)}. Store it now: it is not shown again.`)
    if (!instance.api_keys_enabled)
      sayNotice(
        cli,
        'No micro accepts keys yet. Add "presets: { api_keys: true }" to the Spacefile, then run: space push',
      )
    sayNewKey(cli, instance, key)
  },
})
