import { type Cli, printJson, sayDone, sayNotice } from '../context.ts'
import { api } from '../api/calls.ts'
import { connect } from '../api/connection.ts'
import type { Server } from '../api/server.ts'
import { type AccessToken, parseAccessToken } from '../api/sign.ts'
import { defineCommand, jsonInput, serverInput } from '../command.ts'
import { forgetLogin, readCredentials } from '../credentials.ts'
import { CliError } from '../failure.ts'
import { chooseServer, patienceOf } from '../connect.ts'

/** Forgets the access token of a server; deletes a token that was created for this log-in from the server too. */
export const logout = defineCommand({
  name: 'logout',
  summary: 'Log out of a server',
  input: { server: serverInput, json: jsonInput },
  async run(cli, input) {
    const server = chooseServer(cli, input.server)
    const saved = readCredentials(cli.env).servers[server.origin]
    if (!saved) throw new CliError('not_logged_in', `You are not logged in to ${server.origin}.`)
    const token = parseAccessToken(saved.access_token)
    const isDeleted = token !== null && saved.is_own && (await deleteToken(cli, server, token))
    forgetLogin(cli.env, server.origin)
    sayDone(cli, `Logged out of ${server.origin}`)
    if (!isDeleted)
      sayNotice(cli, 'The access token is still valid. Delete it in Home unless something else uses it.')
    if (input.json) printJson(cli, { server: server.origin, token_deleted: isDeleted })
  },
})

/** The key id of a token is its id. Does not wait for a server that is down: logging out works without it. */
async function deleteToken(cli: Cli, server: Server, token: AccessToken): Promise<boolean> {
  const impatient = { ...patienceOf(cli), wait: async () => false }
  try {
    const connection = await connect(server, token, impatient)
    await api(connection, 'DELETE /access-tokens/:id', { params: { id: token.keyId } })
    return true
  } catch (error) {
    if (error instanceof CliError) return false
    throw error
  }
}
