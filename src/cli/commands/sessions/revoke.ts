import { remove } from '../../api/calls.ts'
import { printJson, sayDone } from '../../context.ts'
import { defineCommand, flag, jsonInput, optional, serverInput } from '../../command.ts'
import { usageError } from '../../failure.ts'
import { connectAsUser } from '../../connect.ts'

/** Signs a browser out of Home and all apps, effective for its next request. */
export const revokeSessions = defineCommand({
  name: 'sessions revoke',
  summary: 'Sign a browser out of Home and all apps',
  input: {
    session: optional('id of the session'),
    all: flag('sign out every browser; this command stays logged in'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, { session, all, server, json }) {
    if (all === (session !== undefined))
      throw usageError('Give a session id, or --all', 'To list the ids: space sessions list')
    const connection = await connectAsUser(cli, server)
    await remove(connection, session ? `/v0/sessions/${encodeURIComponent(session)}` : '/v0/sessions')
    sayDone(
      cli,
      session
        ? 'Signed the browser out of Home and all apps'
        : 'Signed all browsers out of Home and all apps',
    )
    if (json) printJson(cli, { revoked: session ?? 'all' })
  },
})
