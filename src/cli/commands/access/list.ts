import { getSurface } from '../../access/surface.ts'
import { surfaceLines } from '../../access/surface-lines.ts'
import { connectToInstance } from '../../apps.ts'
import { printJson } from '../../context.ts'
import { defineCommand, jsonInput, optional, serverInput } from '../../command.ts'
import { listApiKeys } from '../../keys/api-keys.ts'

/** The access surface of an app: public routes, since when, last use, and its keys. */
export const listAccess = defineCommand({
  name: 'access list',
  summary: 'List the public routes of an app, since when and last use',
  input: {
    app: optional('name, alias or id; default: the app of this folder'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, instance } = await connectToInstance(cli, input)
    const [surface, keys] = await Promise.all([
      getSurface(connection, instance),
      listApiKeys(connection, instance),
    ])
    if (input.json) return printJson(cli, { instance_id: instance.id, ...surface, keys })
    const lines = surfaceLines({ instance, surface, keys, command: cli.command }, cli.out.colors)
    for (const line of lines) cli.out.line(line)
  },
})
