import { getJson } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import { parseAccessToken } from '../api/sign.ts'
import type { TokenScope } from '../../contract/index.ts'
import { type Cli, printJson, readStdin, sayDone } from '../context.ts'
import { defineCommand, flag, jsonInput, serverInput, text } from '../command.ts'
import { type SavedToken, saveLogin } from '../credentials.ts'
import { CliError, usageError } from '../failure.ts'
import { warnWhenExposed } from '../token-name.ts'
import { approveInBrowser } from '../login/browser-approval.ts'
import { printable } from '../printable.ts'
import { askSecret } from '../prompts.ts'
import { connectAnonymously, needsSetup, setupHints } from '../connect.ts'

/** Logs in by approval in the browser, or with a token from stdin (COMPAT 3.2). */
export const login = defineCommand({
  name: 'login',
  summary: 'Log in to a server',
  input: {
    server: serverInput,
    scope: text('scope', 'what the log-in may do: all, push (create apps and push to them) or read', {
      default: 'all',
    }),
    withToken: flag('read an access token from stdin', { short: 't' }),
    json: jsonInput,
  },
  async run(cli, input) {
    const scope = readScope(input.scope)
    const connection = await connectAnonymously(cli, input.server)
    const { server } = connection
    if (await needsSetup(connection))
      throw new CliError('not_logged_in', `${server.origin} has no owner yet.`, {
        hints: setupHints(server.origin),
      })
    const token = input.withToken ? await readToken(cli) : await obtainToken(cli, connection, scope)
    const name = await checkToken(connection, token.access_token)
    saveLogin(cli.env, server.origin, token)
    sayDone(cli, `Logged in to ${server.origin} (${name})`)
    if (input.json) printJson(cli, { server: server.origin, name })
  },
})

async function readToken(cli: Cli): Promise<SavedToken> {
  const text = cli.isInteractive ? await askSecret(cli, 'Access token') : await readStdin(cli)
  const accessToken = (text ?? '').trim()
  if (parseAccessToken(accessToken)) return { access_token: accessToken, is_own: false }
  throw new CliError('unauthorized', 'That is not an access token.', {
    hints: ['The format is <key id>_<secret>. Create one in Home: Settings → Access tokens'],
  })
}

const SCOPES = Object.keys({ all: true, push: true, read: true } satisfies Record<TokenScope, true>)

function readScope(text: string): TokenScope {
  if (SCOPES.includes(text)) return text as TokenScope
  throw usageError(`--scope must be one of ${SCOPES.join(', ')}, not "${printable(text)}"`)
}

function obtainToken(cli: Cli, connection: Connection, scope: TokenScope): Promise<SavedToken> {
  if (cli.wantsJson || cli.env.CI)
    throw new CliError(
      'not_interactive',
      'This terminal is not interactive, so the sign-in cannot be approved.',
      {
        hints: ['Create an access token in Home, then: space login --with-token < token.txt'],
        exitCode: 2,
      },
    )
  warnWhenExposed(cli, connection.server, 'the access token')
  return approveInBrowser(cli, connection, scope)
}

/** Signs a request with the token; the name of the space is the answer. Throws `unauthorized`. */
async function checkToken(connection: Connection, accessToken: string): Promise<string> {
  const signing = { ...connection, token: parseAccessToken(accessToken) }
  return (await getJson<{ name: string }>(signing, '/v0/space')).name
}
