import { getJson, postJson } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import type { App } from '../../contract/index.ts'
import { listApps, listInstances } from '../apps.ts'
import { type Cli, sayDone } from '../context.ts'
import { CliError } from '../failure.ts'
import { readLink, writeLink } from '../project/link.ts'
import type { ValidProject } from '../project/project.ts'
import { choose } from '../prompts.ts'

export interface TargetOptions {
  /** `--id` */
  readonly id: string | undefined
  /** `--yes`: use the app of the same name without asking. */
  readonly takeExisting: boolean
}

/**
 * The app that a project is pushed to: `--id`, else the one the folder is linked to, else a new one with the project's
 * name, which the folder is linked to from then on. An existing name is not reused or duplicated silently: a fresh
 * clone pushed by a script would otherwise make one app after another.
 */
export async function requireTarget(
  cli: Cli,
  connection: Connection,
  project: ValidProject,
  { id, takeExisting }: TargetOptions,
): Promise<App> {
  if (id !== undefined) return await requireKnownApp(connection, id, [])
  const link = readLink(project.dir)
  if (link) return await requireKnownApp(connection, link.id, LINK_HINTS)
  const app = await appForFolder(cli, connection, project, takeExisting)
  writeLink(project.dir, app)
  return app
}

async function appForFolder(
  cli: Cli,
  connection: Connection,
  project: ValidProject,
  takeExisting: boolean,
): Promise<App> {
  const name = (project.spacefile.appName ?? project.folderName).slice(0, NAME_MAX_CHARS)
  const sameName = (await listApps(connection)).filter((app) => app.name === name)
  if (sameName.length === 0) return await createApp(cli, connection, name)
  const running = new Set((await listInstances(connection)).map(({ app_id }) => app_id))
  // An app without an instance (deleted, or never pushed) has nothing to overwrite.
  const idle = sameName.find(({ id }) => !running.has(id))
  return idle ?? (await chooseApp(cli, connection, sameName, takeExisting))
}

const LINK_HINTS = [
  'This folder is linked to an app that was deleted or is on another server. Link another app: space link',
  'Or create a new app: space new',
]

async function requireKnownApp(connection: Connection, id: string, hints: readonly string[]): Promise<App> {
  try {
    return await getJson<App>(connection, `/v0/apps/${encodeURIComponent(id)}`)
  } catch (error) {
    if (!(error instanceof CliError) || error.code !== 'not_found') throw error
    throw new CliError('not_found', `There is no app ${id} on ${connection.server.origin}.`, { hints })
  }
}

const NEW_APP = ''
/** The server's limit. */
const NAME_MAX_CHARS = 64

async function chooseApp(
  cli: Cli,
  connection: Connection,
  sameName: readonly App[],
  takeExisting: boolean,
): Promise<App> {
  const [first, ...others] = sameName
  const { name } = first!
  if (takeExisting && others.length === 0) return first!
  if (!cli.isInteractive) throw nameTaken(name, sameName)
  const answer = await choose(
    cli,
    `An app named ${name} exists already. Where should this folder be pushed?`,
    [
      ...sameName.map((app) => ({ value: app.id, label: `Update ${app.name}`, hint: app.alias })),
      { value: NEW_APP, label: 'Create another app' },
    ],
  )
  return sameName.find((app) => app.id === answer) ?? (await createApp(cli, connection, name))
}

/** Creates an app and prints that. */
export async function createApp(cli: Cli, connection: Connection, name: string): Promise<App> {
  const app = await postJson<App>(connection, '/v0/apps', { name, alias: '' })
  sayDone(cli, `Created the app ${cli.err.colors.bold(app.name)}`)
  return app
}

const nameTaken = (name: string, apps: readonly App[]) =>
  new CliError('ambiguous', `An app named ${name} exists already, and this folder is not linked to it.`, {
    hints: [
      ...apps.map((app) => `To update it: space link --id ${app.id}`),
      'To create another app: space new --name <another name>',
    ],
  })
