import type { Connection } from '../api/connection.ts'
import { getPushedInstance } from '../apps.ts'
import { CliError } from '../failure.ts'
import { printable } from '../printable.ts'
import type { Build } from '../../contract/index.ts'
import type { Operation, Outcome } from './follow.ts'
import type { LogView } from './log-view.ts'

/** The build ended without a revision. */
export const buildFailed = async (connection: Connection, appId: string, build: Build, log: LogView) =>
  new CliError('build_failed', sentence('The build failed', build, log), {
    details: log.unseen(),
    hints: [...(await stillServing(connection, appId, build.tag)), nextStep(build)],
  })

/** The revision was built and does not run: it crashed, or never listened on its port. */
export const startFailed = async (
  connection: Connection,
  appId: string,
  installation: Outcome,
  log: LogView,
) =>
  new CliError('start_failed', sentence('The app did not start', installation, log), {
    details: log.unseen(),
    hints: [...(await stillServing(connection, appId)), nextStep(installation)],
  })

/** `internal-error`: the server could not do its part, or was stopped; the app is not to blame. */
const nextStep = ({ status }: Operation) =>
  status === 'failed'
    ? 'Fix the app, then run: space push'
    : 'The cause is on the server, not in the app. Once the server is ready, run: space push'

/** `failure` is the server's own sentence. It is not repeated where it was the last line of the log. */
function sentence(what: string, { status, failure }: Operation, log: LogView): string {
  const reason = printable(failure ?? '')
  if (reason && reason !== log.last()) return `${what}: ${reason}`
  return status === 'failed' || reason ? `${what}.` : `${what} (${printable(status)}).`
}

/** What a visitor gets now: the previous revision, if there is one. */
async function stillServing(connection: Connection, appId: string, failedTag?: string): Promise<string[]> {
  const instance = await getPushedInstance(connection, appId)
  if (!instance?.revision_tag || instance.revision_tag === failedTag) return []
  return [`Revision ${printable(instance.revision_tag)} is still serving at ${printable(instance.url)}`]
}
