import { getJson } from '../api/calls.ts'
import type { App } from '../../contract/index.ts'
import { listApps } from '../apps.ts'
import { type Cli, printJson, sayDone } from '../context.ts'
import { defineCommand, dirInput, jsonInput, serverInput, text } from '../command.ts'
import { CliError, usageError } from '../failure.ts'
import { printable } from '../printable.ts'
import { writeLink } from '../project/link.ts'
import { requireFolder } from '../project/project.ts'
import { choose } from '../prompts.ts'
import { connectAsUser } from '../connect.ts'

/** Links a folder to an app on the server, so that the next push updates that app. */
export const link = defineCommand({
  name: 'link',
  summary: 'Link a folder to an existing app',
  input: {
    id: text('id', 'id of the app', { short: 'i' }),
    dir: dirInput,
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const dir = requireFolder(cli, input.dir)
    if (!input.id && !cli.isInteractive) throw usageError('--id is missing', 'To list the ids: space apps')
    const connection = await connectAsUser(cli, input.server)
    const app = input.id
      ? await getJson<App>(connection, `/v0/apps/${encodeURIComponent(input.id)}`)
      : await chooseApp(cli, await listApps(connection))
    writeLink(dir, app)
    sayDone(cli, `Linked ${dir} to ${app.name}`)
    if (input.json) printJson(cli, { app: app.id, name: app.name, alias: app.alias })
  },
})

async function chooseApp(cli: Cli, apps: readonly App[]): Promise<App> {
  if (apps.length === 0)
    throw new CliError('not_found', 'There is no app to link to.', { hints: ['Create one: space new'] })
  const choices = apps.map(({ id, name, alias }) => ({ value: id, label: printable(name), hint: alias }))
  const id = await choose(cli, 'Which app should this folder be linked to?', choices)
  return apps.find((app) => app.id === id)!
}
