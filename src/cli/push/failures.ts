import type { Connection } from '../api/connection.ts'
import { getPushedInstance } from '../apps.ts'
import { CliError } from '../failure.ts'
import { printable } from '../printable.ts'
import type { Build, Installation } from './follow.ts'
import type { LogView } from './log-view.ts'

/** The build ended without a revision. */
export const buildFailed = async (connection: Connection, appId: string, build: Build, log: LogView) =>
  new CliError('build_failed', sentence('The build failed', build), {
    details: log.unseen(),
    hints: await stillServing(connection, appId, build.tag),
  })

/** The revision was built, and does not run: it crashed, or never listened on its port. */
export const startFailed = async (
  connection: Connection,
  appId: string,
  installation: Installation,
  log: LogView,
) =>
  new CliError('start_failed', sentence('The app did not start', installation), {
    details: log.unseen(),
    hints: [...(await stillServing(connection, appId)), 'Mend the app and push again: space push'],
  })

/** `failure` is the server's own sentence; it may say more in lines that follow. */
function sentence(what: string, work: { readonly status: string; readonly failure?: string | null }): string {
  if (work.failure) return `${what}: ${printable(work.failure.split('\n')[0]!)}`
  return work.status === 'failed' ? `${what}.` : `${what} (${printable(work.status)}).`
}

/** What a visitor gets now: the previous revision, if there is one. */
async function stillServing(connection: Connection, appId: string, failedTag?: string): Promise<string[]> {
  const instance = await getPushedInstance(connection, appId)
  if (!instance?.revision_tag || instance.revision_tag === failedTag) return []
  return [`Revision ${printable(instance.revision_tag)} keeps serving at ${printable(instance.url)}`]
}
