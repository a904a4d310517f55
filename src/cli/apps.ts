import { getJson } from './api/calls.ts'
import type { Connection } from './api/connection.ts'
import type { App, Instance } from '../contract/index.ts'
import type { Cli } from './context.ts'
import { CliError } from './failure.ts'
import { printable } from './printable.ts'
import { readLink } from './project/link.ts'
import { requireFolder } from './project/project.ts'
import { connectAsUser } from './connect.ts'

export const listApps = async (connection: Connection): Promise<readonly App[]> =>
  (await getJson<{ apps: App[] }>(connection, '/v0/apps')).apps

export const listInstances = async (connection: Connection, appId?: string): Promise<readonly Instance[]> =>
  (await getJson<{ instances: Instance[] }>(connection, '/v0/instances', { app_id: appId })).instances

/** The instance that `space push` updates: of this app, on its own channel. Null before the first push. */
export async function getPushedInstance(connection: Connection, appId: string): Promise<Instance | null> {
  const instances = await listInstances(connection, appId)
  return instances.find(({ channel }) => channel === 'development') ?? null
}

/**
 * Finds an instance by alias, name or id; without a reference, the one this folder is linked to.
 * Throws `not_found` or `ambiguous`, with the candidates.
 */
export async function requireInstance(
  cli: Cli,
  connection: Connection,
  reference: string | undefined,
): Promise<Instance> {
  const wanted = reference ?? readLink(requireFolder(cli, './'))?.id
  if (wanted === undefined)
    throw new CliError('usage', 'No app was named, and this folder is not linked to one.', {
      hints: ['Name an app. To list them: space apps'],
      exitCode: 2,
    })
  const instances = await listInstances(connection)
  const found = matching(instances, wanted)
  if (found.length === 1) return found[0]!
  const hints = (found.length > 0 ? found : instances).map(
    ({ alias, app_name }) => `  ${alias}  (${app_name})`,
  )
  if (found.length > 1)
    throw new CliError('ambiguous', `Several apps are called "${wanted}".`, {
      hints: ['Use its alias:', ...hints],
    })
  throw new CliError('not_found', `There is no running app "${wanted}" on ${connection.server.origin}.`, {
    hints: instances.length > 0 ? ['Available:', ...hints] : ['Push the first one: space push'],
  })
}

/** An app without a running instance, by id, name or alias; null when there is none. Throws `ambiguous`. */
export async function getIdleApp(connection: Connection, wanted: string): Promise<App | null> {
  const running = new Set((await listInstances(connection)).map(({ app_id }) => app_id))
  const idle = (await listApps(connection)).filter(({ id }) => !running.has(id))
  const text = wanted.toLowerCase()
  const found = idle.filter(
    ({ id, name, alias }) => id === wanted || name.toLowerCase() === text || alias === text,
  )
  if (found.length > 1)
    throw new CliError('ambiguous', `Several apps are called "${wanted}".`, {
      hints: ['Use its id:', ...found.map(({ id, name }) => `  ${id}  (${printable(name)})`)],
    })
  return found[0] ?? null
}

/** A signing connection and the instance (see `connectAsUser` and `requireInstance`). */
export async function connectToInstance(
  cli: Cli,
  { server, app }: { readonly server: string | undefined; readonly app: string | undefined },
): Promise<{ connection: Connection; instance: Instance }> {
  const connection = await connectAsUser(cli, server)
  return { connection, instance: await requireInstance(cli, connection, app) }
}

/** The most exact match wins: an alias is unique, a name need not be. */
function matching(instances: readonly Instance[], wanted: string): Instance[] {
  const text = wanted.toLowerCase()
  const ways: ((instance: Instance) => boolean)[] = [
    ({ id, app_id }) => id === wanted || app_id === wanted,
    ({ alias }) => alias === text,
    ({ app_name }) => app_name.toLowerCase() === text,
  ]
  return ways.map((isMeant) => instances.filter(isMeant)).find((found) => found.length > 0) ?? []
}
