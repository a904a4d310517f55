import { postJson } from '../api/calls.ts'
import type { User } from '../../contract/index.ts'
import { type Cli, printJson, readStdin, sayDone } from '../context.ts'
import { defineCommand, flag, jsonInput, serverInput, text } from '../command.ts'
import { saveLogin } from '../credentials.ts'
import { CliError, usageError } from '../failure.ts'
import { tokenName, warnWhenExposed } from '../token-name.ts'
import { askSecret, askText } from '../prompts.ts'
import { connectAnonymously, needsSetup } from '../connect.ts'

/** Creates the owner of a new server without a browser, and logs in. Prints the access token on stdout. */
export const setup = defineCommand({
  name: 'setup',
  summary: 'Create the owner of a new server and log in',
  input: {
    server: serverInput,
    code: text('code', 'set-up code that the server printed'),
    username: text('name', 'name of the owner'),
    email: text('address', 'e-mail address of the owner'),
    passwordStdin: flag('read the password from stdin'),
    json: jsonInput,
  },
  async run(cli, input) {
    const connection = await connectAnonymously(cli, input.server)
    const { origin } = connection.server
    if (!(await needsSetup(connection)))
      throw new CliError('conflict', `${origin} has an owner already.`, {
        hints: [`Log in: space login --server ${origin}`],
      })
    warnWhenExposed(cli, connection.server, 'your password')
    const answer = await postJson<{ user: User; access_token?: string }>(connection, '/v0/setup', {
      code: input.code ?? (await ask(cli, '--code', 'Set-up code that the server printed')),
      username: input.username ?? (await ask(cli, '--username', 'Your username')),
      email: input.email,
      password: await readPassword(cli, input.passwordStdin),
      token_name: tokenName(),
    })
    if (!answer.access_token)
      throw new CliError('not_ownspace', `${origin} created the owner, but returned no access token.`, {
        hints: [`Log in: space login --server ${origin}`],
      })
    saveLogin(cli.env, origin, { access_token: answer.access_token, is_own: true })
    sayDone(cli, `Created the owner ${answer.user.username} of ${origin}; you are logged in`)
    if (input.json) printJson(cli, { server: origin, user: answer.user, access_token: answer.access_token })
    else cli.out.line(answer.access_token)
  },
})

function ask(cli: Cli, option: string, question: string): Promise<string> {
  if (!cli.isInteractive) throw usageError(`${option} is missing`)
  return askText(cli, question, { check: (value) => (value.trim() ? undefined : 'A value is required') })
}

async function readPassword(cli: Cli, fromStdin: boolean): Promise<string> {
  // At a terminal the password is typed without echo. In a pipe, the final line end is not part of it.
  if (fromStdin && !cli.isInteractive) return (await readStdin(cli)).replace(/\r?\n$/, '')
  if (!cli.isInteractive)
    throw usageError(
      '--password-stdin is missing',
      'For example: space setup … --password-stdin < password.txt',
    )
  const password = await askSecret(cli, 'Choose a password')
  await askSecret(cli, 'Type it again', {
    check: (again) => (again === password ? undefined : 'The passwords do not match'),
  })
  return password ?? ''
}
