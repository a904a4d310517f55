import { setTimeout as delay } from 'node:timers/promises'
import { postJson } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import { parseAccessToken } from '../api/sign.ts'
import type { CliLoginPoll, NewCliLogin, TokenScope } from '../../contract/index.ts'
import type { Cli } from '../context.ts'
import type { SavedToken } from '../credentials.ts'
import { CliError } from '../failure.ts'
import { openInBrowser } from '../browser.ts'
import { tokenName } from '../token-name.ts'
import { printable } from '../printable.ts'
import { askSecret } from '../prompts.ts'

const POLL_MS = 1_000

/**
 * Asks the server for a log-in that a person approves in Home (after RFC 8628), shows the page and the code that is typed
 * there, and answers the access token. At the terminal, a token can be pasted instead. Throws `login_failed` when it is denied or expires.
 */
export async function approveInBrowser(
  cli: Cli,
  connection: Connection,
  scope: TokenScope,
): Promise<SavedToken> {
  const login = await postJson<NewCliLogin>(connection, '/v0/cli-logins', { name: tokenName(), scope })
  showLogin(cli, login)
  if (!cli.isInteractive) return await waitForApproval(connection, login)
  return await firstOf(
    (signal) => waitForApproval(connection, login, signal),
    (signal) => askForToken(cli, signal),
  )
}

function showLogin(cli: Cli, { url, user_code }: NewCliLogin): void {
  const { bold, cyan } = cli.err.colors
  const isOpened = cli.isInteractive && openInBrowser(cli, url)
  const lines = [
    isOpened
      ? 'Your browser opens this page; type the code there:'
      : 'Open this page in a browser and type the code there:',
    '',
    `  ${cyan(printable(url))}`,
    `  Code: ${bold(printable(user_code))}`,
    '',
  ]
  for (const line of lines) cli.err.line(line)
}

async function waitForApproval(
  connection: Connection,
  login: NewCliLogin,
  signal?: AbortSignal,
): Promise<SavedToken> {
  const path = `/v0/cli-logins/${encodeURIComponent(login.id)}/poll`
  for (;;) {
    const body = { poll_token: login.poll_token }
    const poll = await postJson<CliLoginPoll>(connection, path, body, { isRepeatable: true })
    if (poll.status === 'approved' && poll.access_token)
      return { access_token: poll.access_token, is_own: true }
    if (poll.status !== 'pending') throw loginFailed(poll.status)
    await delay(POLL_MS, undefined, { signal })
  }
}

const loginFailed = (status: CliLoginPoll['status']) =>
  new CliError('login_failed', status === 'denied' ? 'The log-in was denied.' : 'The log-in has expired.', {
    hints: ['Try again: space login', 'Or use an access token from Home: space login --with-token'],
  })

async function askForToken(cli: Cli, signal: AbortSignal): Promise<SavedToken> {
  const answer = await askSecret(cli, 'Waiting for the browser. Or paste an access token here:', {
    check: (value) =>
      parseAccessToken(value) ? undefined : 'The format of an access token is <key id>_<secret>',
    signal,
  })
  // Cancelled because the browser was faster; the other alternative has the answer.
  if (answer === null) return await new Promise(() => {})
  return { access_token: answer.trim(), is_own: false }
}

/** Runs alternatives concurrently; the first to settle cancels the others. */
async function firstOf<T>(...ways: readonly ((signal: AbortSignal) => Promise<T>)[]): Promise<T> {
  const ending = new AbortController()
  try {
    return await Promise.race(ways.map((way) => way(ending.signal)))
  } finally {
    ending.abort()
  }
}
