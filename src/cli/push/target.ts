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
  /** `--yes`: take the app of the same name without asking. */
  readonly takeExisting: boolean
}

/**
 * The app that a project is pushed to: `--id`, else the one the folder is linked to, else a new one with the project's
 * name, which the folder is linked to from then on. A name that is taken already is not taken twice silently: a fresh
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
  // One that runs nowhere, deleted or never pushed, has nothing to lose.
  const idle = sameName.find(({ id }) => !running.has(id))
  return idle ?? (await chooseApp(cli, connection, sameName, takeExisting))
}

const LINK_HINTS = [
  'It was deleted, or is on another server; this folder is linked to it. Link it to one of yours: space link',
  'Or begin anew with an app of its own: space new',
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
/** What the server takes. */
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
  const answer = await choose(cli, `There is an app called ${name} already. Where should this folder go?`, [
    ...sameName.map((app) => ({ value: app.id, label: `Update ${app.name}`, hint: app.alias })),
    { value: NEW_APP, label: 'Make another app' },
  ])
  return sameName.find((app) => app.id === answer) ?? (await createApp(cli, connection, name))
}

/** Creates an app and says so. */
export async function createApp(cli: Cli, connection: Connection, name: string): Promise<App> {
  const app = await postJson<App>(connection, '/v0/apps', { name, alias: '' })
  sayDone(cli, `Created the app ${cli.err.colors.bold(app.name)}`)
  return app
}

const nameTaken = (name: string, apps: readonly App[]) =>
  new CliError('ambiguous', `There is an app called ${name} already, and this folder is not linked to it.`, {
    hints: [
      ...apps.map((app) => `To update it: space link --id ${app.id}`),
      'To make another one: space new --name <another name>',
    ],
  })
