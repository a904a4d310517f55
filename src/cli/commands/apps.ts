import type { App, Instance } from '../../contract/index.ts'
import { listApps, listInstances } from '../apps.ts'
import { printJson } from '../context.ts'
import { defineCommand, jsonInput, serverInput } from '../command.ts'
import { formatTable } from '../format.ts'
import type { Colors } from '../output.ts'
import { printable } from '../printable.ts'
import { exposureSummary } from '../routes.ts'
import { connectAsUser } from '../connect.ts'

/** Every app with its running instances. */
export const apps = defineCommand({
  name: 'apps',
  summary: 'List your apps',
  input: { server: serverInput, json: jsonInput },
  async run(cli, input) {
    const connection = await connectAsUser(cli, input.server)
    const [projects, instances] = await Promise.all([listApps(connection), listInstances(connection)])
    const found = projects.map((app) => {
      const own = instances.filter(({ app_id }) => app_id === app.id)
      return { ...app, url: own[0]?.url ?? null, instances: own }
    })
    if (input.json) return printJson(cli, { apps: found })
    if (found.length === 0) return cli.err.line(`No apps yet. In an app's folder, run: ${cli.command} push`)
    const rows = found.flatMap((app) => rowsOf(app, app.instances, cli.out.colors))
    for (const line of formatTable(
      [['APP', 'STATUS', 'REVISION', 'ACCESS', 'ADDRESS'], ...rows],
      cli.out.colors,
    ))
      cli.out.line(line)
  },
})

function rowsOf(app: App, instances: readonly Instance[], colors: Colors): string[][] {
  if (instances.length === 0)
    return [[printable(app.name), colors.dim('not pushed'), '', '', colors.dim(app.id)]]
  return instances.map((instance) => [
    printable(app.name),
    instance.status === 'crashed' ? colors.red(instance.status) : instance.status,
    printable(instance.revision_tag),
    exposureSummary(instance),
    colors.cyan(printable(instance.url)),
  ])
}
