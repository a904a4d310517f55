import { api } from '../api/calls.ts'
import type { Build, Exposure, Instance } from '../../contract/index.ts'
import type { Connection } from '../api/connection.ts'
import { openInBrowser } from '../browser.ts'
import { type Cli, printJson, sayDone } from '../context.ts'
import { defineCommand, dirInput, flag, jsonInput, serverInput, text } from '../command.ts'
import { diagnosticLines, readProject, requireValid } from '../project/project.ts'
import { printable } from '../printable.ts'
import { announceExposure } from '../push/announce-exposure.ts'
import { buildFailed, startFailed } from '../push/failures.ts'
import { followBuild, followRelease } from '../push/follow.ts'
import { createLogView } from '../push/log-view.ts'
import { pushScreen } from '../push/screen.ts'
import { requireTarget } from '../push/target.ts'
import { type Uploaded, filesToPush, requireRoomFor, uploadBuild } from '../push/upload.ts'
import { connectAsUser } from '../connect.ts'

/** From a folder to a running, private app (COMPAT 3.5). The old revision serves until the new one has started. */
export const push = defineCommand({
  name: 'push',
  summary: 'Build and start the app in this folder',
  input: {
    id: text('id', 'id of the app to push to; default: the app this folder is linked to', { short: 'i' }),
    dir: dirInput,
    tag: text('tag', 'name of the revision', { short: 't' }),
    open: flag('open the app in the browser afterwards'),
    rebuild: flag('build every micro again, also those that have not changed'),
    skipLogs: flag('return after the upload, without waiting for the build'),
    yes: flag('do not ask for confirmation, even when routes become public', { short: 'y' }),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const project = await requireValid(cli, await readProject(cli, input.dir), 'push')
    for (const line of await diagnosticLines(project, cli.err.colors)) if (line) cli.err.line(line)
    const files = await filesToPush(project)
    const connection = await connectAsUser(cli, input.server)
    await requireRoomFor(connection, files)
    const app = await requireTarget(cli, connection, project, { id: input.id, takeExisting: input.yes })
    cli.err.line(`Pushing ${cli.err.colors.bold(printable(app.name))} to ${connection.server.origin}`)

    const { buildId, exposure } = await uploadBuild(cli, connection, {
      project,
      files,
      appId: app.id,
      tag: input.tag ?? '',
      rebuild: input.rebuild,
      onExposure: (found) => announceExposure(cli, found, { isAgreed: input.yes }),
    })
    if (input.skipLogs) return await leaveBuild(cli, connection, app.id, { buildId, exposure })

    const log = createLogView(cli)
    const build = await followBuild(connection, buildId, log.add)
    if (build.status !== 'complete') throw await buildFailed(connection, app.id, build, log)
    sayDone(cli, `Built revision ${cli.err.colors.bold(build.tag)}`)

    const installation = await followRelease(connection, buildId, log.add)
    if (installation.status !== 'complete') throw await startFailed(connection, app.id, installation, log)
    const instance = await api(connection, 'GET /instances/:id', { params: { id: installation.instance_id } })
    sayDone(cli, 'App is running')
    printResult(cli, instance, build, exposure)
    if (input.open) openInBrowser(cli, instance.url)
  },
})

function printResult(cli: Cli, instance: Instance, build: Build, exposure: Exposure | null): void {
  const { app_id: app, url, id: instance_id, public_routes } = instance
  const result = { app, revision: build.tag, url, instance_id, public_routes }
  if (cli.wantsJson) printJson(cli, withExposure(result, exposure))
  else for (const line of pushScreen(instance, cli)) cli.out.line(line)
}

async function leaveBuild(
  cli: Cli,
  connection: Connection,
  app: string,
  { buildId, exposure }: Uploaded,
): Promise<void> {
  const { tag } = await api(connection, 'GET /builds/:id', { params: { id: buildId } })
  sayDone(cli, `The server is building revision ${tag}. To see the result: ${cli.command} apps`)
  const result = { app, revision: tag, url: null, instance_id: null, public_routes: [] }
  if (cli.wantsJson) printJson(cli, withExposure(result, exposure))
}

const withExposure = (result: object, exposure: Exposure | null) =>
  exposure ? { ...result, exposure } : result
