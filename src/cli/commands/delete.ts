import { api } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import type { Collection, Instance } from '../../contract/index.ts'
import { getIdleApp, listInstances, requireInstance } from '../apps.ts'
import { type Cli, printJson, sayDone } from '../context.ts'
import { defineCommand, flag, jsonInput, required, serverInput } from '../command.ts'
import { CliError, usageError } from '../failure.ts'
import { unlink } from '../project/link.ts'
import { printable } from '../printable.ts'
import { askYesNo } from '../prompts.ts'
import { connectAsUser } from '../connect.ts'

/** Deletes an app, and its data only if that is said. Asks first; a script must pass `--yes`. */
export const deleteApp = defineCommand({
  name: 'delete',
  summary: 'Stop and delete an app; its data is kept unless you say otherwise',
  input: {
    app: required('name, alias or id'),
    keepData: flag('keep its data as a collection (default)'),
    deleteData: flag('delete its data as well'),
    yes: flag('do not ask', { short: 'y' }),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    if (input.keepData && input.deleteData)
      throw usageError('Use either --keep-data or --delete-data, not both')
    const connection = await connectAsUser(cli, input.server)
    const { appId, name, label, instance } = await requireTarget(cli, connection, input.app)
    if (!input.yes && !cli.isInteractive)
      throw new CliError('not_interactive', `Deleting ${label} cannot be undone.`, {
        hints: [`To confirm: space delete ${label} --yes`],
        exitCode: 2,
      })
    const question = `Delete ${label} with its address, keys and revisions?`
    if (!input.yes && !(await askYesNo(cli, question, false))) return cli.err.line('Nothing was deleted.')
    const kept = await remove(connection, { appId, instance, keepsData: await keepsData(cli, input, label) })
    unlink(cli.cwd, appId)
    sayDone(cli, `Deleted ${printable(name)} (${label})`)
    if (kept)
      cli.err.line(
        `Its data is kept. To delete it as well: ${cli.command} collections delete ${printable(kept.id)}`,
      )
    if (input.json) printJson(cli, { deleted: instance?.id ?? appId, kept_collection: kept?.id ?? null })
  },
})

interface Choice {
  readonly keepData: boolean
  readonly deleteData: boolean
  readonly yes: boolean
}

/** Deleting data cannot be undone, so it takes a flag or an answer. */
async function keepsData(cli: Cli, input: Choice, label: string): Promise<boolean> {
  if (input.keepData || input.deleteData || input.yes) return !input.deleteData
  return askYesNo(cli, `Keep the data of ${label} as a collection?`, true)
}

interface Removal extends Pick<Target, 'appId' | 'instance'> {
  readonly keepsData: boolean
}

/** Returns the collection that has its data, if there is any and it is kept. */
async function remove(
  connection: Connection,
  { appId, instance, keepsData }: Removal,
): Promise<Collection | null> {
  const query = { keep_data: String(keepsData) }
  const ended =
    instance && (await api(connection, 'DELETE /instances/:id', { params: { id: instance.id }, query }))
  // Another instance may still use its revisions.
  const others = await listInstances(connection, appId)
  if (others.length > 0) return ended?.kept_collection ?? null
  const deleted = await api(connection, 'DELETE /apps/:id', { params: { id: appId }, query })
  return ended?.kept_collection ?? deleted.kept_collection
}

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
