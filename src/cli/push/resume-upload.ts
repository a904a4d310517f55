/** What an upload does when the server is lost in the middle of it. */
import { setTimeout as delay } from 'node:timers/promises'
import { api } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import { isOutage } from '../api/retry.ts'
import { type Cli, sayNotice } from '../context.ts'
import { CliError } from '../failure.ts'

/** A server that is lost this often during uploads needs its operator. */
const UPLOADS_MAX = 3
const CODE_ATTEMPTS_MAX = 5
const CODE_RETRY_MS = 1_000

interface BegunBuild<T> {
  readonly id: string
  upload(): Promise<T>
}

/** A server that restarts ends the builds that wait for their parts: such an upload begins again, as a new build. */
export async function restartWhenLost<T>(
  cli: Cli,
  connection: Connection,
  begin: () => Promise<BegunBuild<T>>,
): Promise<T> {
  for (let uploads = 1; ; uploads++) {
    const build = await begin()
    try {
      return await build.upload()
    } catch (error) {
      if (uploads === UPLOADS_MAX || !mayBeLost(error)) throw error
      if ((await statusOf(connection, build.id)) !== 'internal-error') throw error
      sayNotice(cli, 'The server restarted during the upload; uploading again')
    }
  }
}

/** A restarted server answers calls about a build that it has ended with a conflict. */
const mayBeLost = (error: unknown): error is CliError =>
  error instanceof CliError && (isOutage(error) || error.code === 'conflict')

/** `send` starts the build. When its answer is lost, the build's status tells whether the call arrived. */
export async function startBuild(
  connection: Connection,
  id: string,
  send: () => Promise<unknown>,
): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    try {
      await send()
      return
    } catch (error) {
      if (!(error instanceof CliError && isOutage(error))) throw error
      const status = await statusOf(connection, id)
      if (status === 'running' || status === 'complete' || status === 'failed') return
      if (status !== 'pending' || attempts === CODE_ATTEMPTS_MAX) throw error
      await delay(CODE_RETRY_MS * attempts)
    }
  }
}

const statusOf = async (connection: Connection, id: string): Promise<string> =>
  (await api(connection, 'GET /builds/:id', { params: { id } })).status
