import { api } from '../../api/calls.ts'
import { connectToInstance } from '../../apps.ts'
import { defineCommand, jsonInput, required, serverInput } from '../../command.ts'
import { printJson, sayDone } from '../../context.ts'

/** Gives an app a new `DETA_PROJECT_KEY`. When this resolves, the old one is refused. */
export const rotateDataKey = defineCommand({
  name: 'data-keys rotate',
  summary: 'Replace the data key of an app, and restart the app with the new one',
  input: { app: required('name, alias or id'), server: serverInput, json: jsonInput },
  async run(cli, input) {
    const { connection, instance } = await connectToInstance(cli, input)
    await api(connection, 'POST /instances/:id/data_key/rotate', { params: { id: instance.id } })
    sayDone(cli, `Replaced the data key of ${instance.app_name}. The old key is refused.`)
    if (input.json) printJson(cli, { rotated: instance.id })
  },
})
