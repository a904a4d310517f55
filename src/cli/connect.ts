import { api } from './api/calls.ts'
import { type Connection, connect } from './api/connection.ts'
import { DEFAULT_ORIGIN, type Server, parseServer, serverOfRoot } from './api/server.ts'
import { type AccessToken, parseAccessToken } from './api/sign.ts'
import { type Cli, sayNotice } from './context.ts'
import { readCredentials } from './credentials.ts'
import { CliError, usageError } from './failure.ts'
import { type Patience, createPatience } from './api/patience.ts'

/** `--server`, then `SPACE_ROOT`, then the server logged in to last, then this machine. */
export function chooseServer(cli: Cli, option: string | undefined): Server {
  if (option !== undefined) return parseServer(option)
  if (cli.env.SPACE_ROOT) return serverOfRoot(cli.env.SPACE_ROOT)
  return parseServer(readCredentials(cli.env).current ?? DEFAULT_ORIGIN)
}

/** A connection for calls that need no log-in. */
export const connectAnonymously = (cli: Cli, server: string | undefined): Promise<Connection> =>
  connect(chooseServer(cli, server), null, patienceOf(cli))

/**
 * `SPACE_WAIT_SECONDS`: how long a command waits for a server that restarts or limits its calls. `SPACE_ANSWER_SECONDS`:
 * for the answer to one request.
 */
export function patienceOf(cli: Cli): Patience {
  return createPatience({
    limitMs: secondsOf(cli, 'SPACE_WAIT_SECONDS', { default: 120, least: 0 }) * 1000,
    answerMs: secondsOf(cli, 'SPACE_ANSWER_SECONDS', { default: 60, least: 1 }) * 1000,
    notify: (line) => sayNotice(cli, line),
  })
}

function secondsOf(
  cli: Cli,
  name: string,
  bounds: { readonly default: number; readonly least: number },
): number {
  const text = cli.env[name] || String(bounds.default)
  if (!/^\d{1,6}$/.test(text) || Number(text) < bounds.least)
    throw usageError(
      `${name} must be a number of seconds${bounds.least > 0 ? ` from ${bounds.least}` : ''}, not "${text}"`,
    )
  return Number(text)
}

/** A connection that signs. Throws `not_logged_in` with what to do, after `no_server` and the like. */
export async function connectAsUser(cli: Cli, option: string | undefined): Promise<Connection> {
  const server = chooseServer(cli, option)
  const token = readToken(cli, server)
  const connection = await connect(server, token, patienceOf(cli))
  if (!token) throw await notLoggedIn(cli, connection)
  return connection
}

/** `SPACE_ACCESS_TOKEN` before any file (COMPAT 3.3). */
function readToken(cli: Cli, server: Server): AccessToken | null {
  const fromEnvironment = cli.env.SPACE_ACCESS_TOKEN
  if (fromEnvironment === undefined || fromEnvironment === '') {
    const saved = readCredentials(cli.env).servers[server.origin]
    return saved ? parseAccessToken(saved.access_token) : null
  }
  const token = parseAccessToken(fromEnvironment)
  if (token) return token
  throw new CliError('unauthorized', 'SPACE_ACCESS_TOKEN is not an access token.', {
    hints: [
      'The format is <key id>_<secret>. Create one in Home, or unset the variable and run: space login',
    ],
  })
}

async function notLoggedIn(cli: Cli, connection: Connection): Promise<CliError> {
  const { origin } = connection.server
  const isDefault = origin === chooseServer(cli, undefined).origin
  return new CliError('not_logged_in', `You are not logged in to ${origin}.`, {
    hints: (await needsSetup(connection))
      ? setupHints(origin)
      : [`Log in: space login${isDefault ? '' : ` --server ${origin}`}`],
  })
}

export const needsSetup = async (connection: Connection): Promise<boolean> =>
  (await api(connection, 'GET /status')).setup === 'needed'

export const setupHints = (origin: string): string[] => [
  `It has no owner yet. Create one in a browser at ${origin}`,
  `or with: space setup --server ${origin} --code <code that the server printed> --username <name>`,
]
