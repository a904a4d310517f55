import { printJson, sayDone, sayNotice } from '../context.ts'
import { remove } from '../api/calls.ts'
import { connect } from '../api/connection.ts'
import type { Server } from '../api/server.ts'
import { type AccessToken, parseAccessToken } from '../api/sign.ts'
import { defineCommand, jsonInput, serverInput } from '../command.ts'
import { forgetLogin, readCredentials } from '../credentials.ts'
import { CliError } from '../failure.ts'
import { chooseServer } from '../connect.ts'

/** Forgets the access token of a server and, where it was made for this log-in, deletes it there as well. */
export const logout = defineCommand({
  name: 'logout',
  summary: 'Log out of a server',
  input: { server: serverInput, json: jsonInput },
  async run(cli, input) {
    const server = chooseServer(cli, input.server)
    const saved = readCredentials(cli.env).servers[server.origin]
    if (!saved) throw new CliError('not_logged_in', `You are not logged in to ${server.origin}.`)
    const token = parseAccessToken(saved.access_token)
    const isDeleted = token !== null && saved.is_own && (await deleteToken(server, token))
    forgetLogin(cli.env, server.origin)
    sayDone(cli, `Logged out of ${server.origin}`)
    if (!isDeleted)
      sayNotice(cli, 'The access token itself is still good: delete it in Home if nothing else uses it.')
    if (input.json) printJson(cli, { server: server.origin, token_deleted: isDeleted })
  },
})

/** The key id of a token is its id. A server that is gone must not keep anybody logged in here. */
async function deleteToken(server: Server, token: AccessToken): Promise<boolean> {
  try {
    await remove(await connect(server, token), `/v0/access-tokens/${encodeURIComponent(token.keyId)}`)
    return true
  } catch (error) {
    if (error instanceof CliError) return false
    throw error
  }
}
