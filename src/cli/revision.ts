import { api } from './api/calls.ts'
import type { Connection } from './api/connection.ts'
import { connectToInstance } from './apps.ts'
import { optional, text } from './command.ts'
import type { Cli } from './context.ts'
import type { Build } from '../contract/index.ts'
import { CliError } from './failure.ts'

/** Inputs of commands that look at a revision. */
export const revisionInputs = {
  app: optional('name, alias or id; default: the app of this folder'),
  revision: text('tag', 'tag of the revision; default: the one that runs', { short: 'r' }),
}

interface RevisionChoice {
  readonly app: string | undefined
  readonly revision: string | undefined
  readonly server: string | undefined
}

/** Finds the build of the chosen revision. Throws `not_found`. */
export async function connectToRevision(
  cli: Cli,
  input: RevisionChoice,
): Promise<{ readonly connection: Connection; readonly build: Build }> {
  const { connection, instance } = await connectToInstance(cli, input)
  const { builds } = await api(connection, 'GET /builds', {
    query: { app_id: instance.app_id, per_page: 100 },
  })
  const tag = input.revision ?? instance.revision_tag
  const build = builds.find((each) => each.tag === tag && each.status === 'complete')
  if (build) return { connection, build }
  throw new CliError('not_found', `There is no revision ${tag} of this app.`, {
    hints: ['Choose one that a push has printed, or leave --revision out.'],
  })
}
