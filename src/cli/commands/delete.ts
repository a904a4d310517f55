import { remove } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import type { Instance } from '../../contract/index.ts'
import { getIdleApp, listInstances, requireInstance } from '../apps.ts'
import { type Cli, printJson, sayDone } from '../context.ts'
import { defineCommand, flag, jsonInput, required, serverInput } from '../command.ts'
import { CliError } from '../failure.ts'
import { unlink } from '../project/link.ts'
import { printable } from '../printable.ts'
import { askYesNo } from '../prompts.ts'
import { connectAsUser } from '../connect.ts'

/** Stops an app and erases its data; an app without an instance is just erased. Asks first; a script must pass `--yes`. */
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
    const connection = await connectAsUser(cli, input.server)
    const { appId, name, label, instance } = await requireTarget(cli, connection, input.app)
    if (!input.yes && !cli.isInteractive)
      throw new CliError('not_interactive', `Deleting ${label} cannot be undone.`, {
        hints: [`To confirm: space delete ${label} --yes`],
        exitCode: 2,
      })
    const question = `Permanently delete ${label} and all its data?`
    if (!input.yes && !(await askYesNo(cli, question, false))) return cli.err.line('Nothing was deleted.')
    if (instance) await remove(connection, `/v0/instances/${encodeURIComponent(instance.id)}`)
    // Another instance may still use its revisions.
    const others = await listInstances(connection, appId)
    if (others.length === 0) await remove(connection, `/v0/apps/${encodeURIComponent(appId)}`)
    unlink(cli.cwd, appId)
    sayDone(cli, `Deleted ${printable(name)} (${label})`)
    if (input.json) printJson(cli, { deleted: instance?.id ?? appId })
  },
})

interface Target {
  readonly appId: string
  readonly name: string
  /** Unique. */
  readonly label: string
  /** Null when the app was never pushed, or its first push failed. */
  readonly instance: Instance | null
}

async function requireTarget(cli: Cli, connection: Connection, wanted: string): Promise<Target> {
  try {
    const instance = await requireInstance(cli, connection, wanted)
    return { appId: instance.app_id, name: instance.app_name, label: instance.alias, instance }
  } catch (error) {
    const app =
      error instanceof CliError && error.code === 'not_found' ? await getIdleApp(connection, wanted) : null
    if (!app) throw error
    return { appId: app.id, name: app.name, label: app.id, instance: null }
  }
}
