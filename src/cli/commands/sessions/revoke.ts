import { remove } from '../../api/calls.ts'
import { printJson, sayDone } from '../../context.ts'
import { defineCommand, flag, jsonInput, optional, serverInput } from '../../command.ts'
import { usageError } from '../../failure.ts'
import { connectAsUser } from '../../connect.ts'

/** Signs a browser out of Home and of every app; its next request is a stranger's. */
export const revokeSessions = defineCommand({
  name: 'sessions revoke',
  summary: 'Sign a browser out, of Home and of every app',
  input: {
    session: optional('id of the session'),
    all: flag('every browser; this command stays logged in'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, { session, all, server, json }) {
    if (all === (session !== undefined))
      throw usageError('Name a session, or say --all', 'The ids are listed by: space sessions list')
    const connection = await connectAsUser(cli, server)
    await remove(connection, session ? `/v0/sessions/${encodeURIComponent(session)}` : '/v0/sessions')
    sayDone(cli, session ? 'Signed that browser out, everywhere' : 'Signed every browser out, everywhere')
    if (json) printJson(cli, { revoked: session ?? 'all' })
  },
})
