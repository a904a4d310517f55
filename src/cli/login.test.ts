import { describe, expect, test } from 'bun:test'
import { credentialsPath, readCredentials, saveLogin } from './credentials.ts'
import {
  type FakePlatform,
  FAKE_TOKEN,
  startFakePlatform,
  FAKE_NEW_SERVER,
  FAKE_CLI_LOGIN,
} from './testing/fake-platform.ts'
import { runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

/** A log-in that is answered at the n-th poll. */
function offerLogin(peer: FakePlatform, ...polls: object[]): void {
  peer.on('POST /v0/cli-logins', () => ({ status: 201, json: FAKE_CLI_LOGIN }))
  peer.on('POST /v0/cli-logins/cli_1/poll', () => ({ json: polls.length > 1 ? polls.shift() : polls[0] }))
}

describe('space login', () => {
  test('reads a token from stdin, tries it, and saves it', async () => {
    await using peer = await startFakePlatform()
    using home = createTempFolder()
    const env = { XDG_CONFIG_HOME: home.path }
    const result = await runSpace(['login', '--server', peer.origin, '--with-token'], {
      cwd: home.path,
      env,
      stdin: `${FAKE_TOKEN}\n`,
    })
    expect(result).toMatchObject({ exitCode: 0, stderr: `✓ Logged in to ${peer.origin} (ada)\n` })
    expect(readCredentials(env).servers[peer.origin]).toEqual({ access_token: FAKE_TOKEN, is_own: false })
  })

  test.each(['', 'token', 'a_b_c', 'xkcfKpsU_wrong'])('saves nothing for %j', async (token) => {
    await using peer = await startFakePlatform()
    using home = createTempFolder()
    const env = { XDG_CONFIG_HOME: home.path }
    const options = { cwd: home.path, env, stdin: token }
    expect((await runSpace(['login', '--server', peer.origin, '-t'], options)).exitCode).toBe(1)
    expect(await Bun.file(credentialsPath(env)).exists()).toBe(false)
  })

  test('shows the page and the code to type there, and ends once it is approved', async () => {
    await using peer = await startFakePlatform()
    offerLogin(peer, { status: 'pending' }, { status: 'approved', access_token: FAKE_TOKEN })
    using home = createTempFolder()
    const env = { XDG_CONFIG_HOME: home.path }
    const { exitCode, stderr } = await runSpace(['login', '--server', peer.origin], { cwd: home.path, env })
    expect(exitCode).toBe(0)
    expect(stderr).toContain(FAKE_CLI_LOGIN.url)
    expect(stderr).toContain('BCDF-GHJK')
    expect(readCredentials(env).current).toBe(peer.origin)
    const poll = peer.received.find(({ target }) => target.endsWith('/poll'))
    expect(JSON.parse(String(poll!.body))).toEqual({ poll_token: 'poll-secret' })
  })

  test('asks for the rights that were typed, all by default, and refuses others', async () => {
    await using peer = await startFakePlatform()
    offerLogin(peer, { status: 'approved', access_token: FAKE_TOKEN })
    using home = createTempFolder()
    const logIn = (...flags: string[]) =>
      runSpace(['login', '--server', peer.origin, ...flags], { cwd: home.path })
    expect((await logIn()).exitCode).toBe(0)
    expect((await logIn('--scope', 'push')).exitCode).toBe(0)
    const refused = await logIn('--scope', 'everything')
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('all, push, read') })
    const begun = peer.received.filter(({ target }) => target.endsWith('/cli-logins'))
    expect(begun.map(({ body }) => JSON.parse(String(body)).scope)).toEqual(['all', 'push'])
  })

  test.each(['denied', 'expired'])('ends with 1 when the approval is %s', async (status) => {
    await using peer = await startFakePlatform()
    offerLogin(peer, { status })
    using home = createTempFolder()
    const result = await runSpace(['login', '--server', peer.origin], { cwd: home.path })
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('--with-token') })
  })

  test.each([
    [['--json'], {}],
    [[], { CI: 'true' }],
  ])('%j in an environment of %j does not wait for a person', async (flags, env) => {
    await using peer = await startFakePlatform()
    using home = createTempFolder()
    const result = await runSpace(['login', '--server', peer.origin, ...flags], { cwd: home.path, env })
    expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--with-token') })
    expect(peer.calls()).not.toContain('POST /v0/cli-logins')
  })
})

describe('space setup', () => {
  const SETUP = ['--code', 'ABCD-1234', '--username', 'ada', '--password-stdin', '--json']

  test('makes the owner, prints the access token once, and is logged in', async () => {
    await using peer = await startFakePlatform()
    peer.on('GET /v0/status', () => ({ json: FAKE_NEW_SERVER }))
    peer.on('POST /v0/setup', () => ({
      status: 201,
      json: { user: { id: 'usr_1', username: 'ada' }, access_token: FAKE_TOKEN },
    }))
    using home = createTempFolder()
    const env = { XDG_CONFIG_HOME: home.path }
    const stdin = ' correct horse \n'
    const { stdout } = await runSpace(['setup', '--server', peer.origin, ...SETUP], {
      cwd: home.path,
      env,
      stdin,
    })
    expect(JSON.parse(stdout)).toEqual({
      server: peer.origin,
      user: { id: 'usr_1', username: 'ada' },
      access_token: FAKE_TOKEN,
    })
    const sent = JSON.parse(String(peer.received.find(({ target }) => target.endsWith('/setup'))!.body))
    expect(sent).toMatchObject({ code: 'ABCD-1234', username: 'ada', password: ' correct horse ' })
    expect(readCredentials(env).servers[peer.origin]).toEqual({ access_token: FAKE_TOKEN, is_own: true })
  })

  test('a wrong code is reported in the words of the server', async () => {
    await using peer = await startFakePlatform()
    peer.on('GET /v0/status', () => ({ json: FAKE_NEW_SERVER }))
    peer.on('POST /v0/setup', () => ({
      status: 401,
      json: {
        errors: ['That is not the set-up code.'],
        detail: 'That is not the set-up code.',
        code: 'unauthorized',
      },
    }))
    using home = createTempFolder()
    const argv = ['setup', '--server', peer.origin, ...SETUP]
    const { exitCode, stdout } = await runSpace(argv, { cwd: home.path, stdin: 'x' })
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'unauthorized', message: 'That is not the set-up code.' },
    })
  })

  test('a server that has an owner asks for nothing more', async () => {
    await using peer = await startFakePlatform()
    using home = createTempFolder()
    const argv = ['setup', '--server', peer.origin, ...SETUP]
    const result = await runSpace(argv, { cwd: home.path, stdin: 'x' })
    expect(result).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('space login') })
    expect(peer.calls()).toEqual(['GET /v0/status'])
  })

  test.each(['--code', '--username', '--password-stdin'])(
    'without %s a script fails with a usage error',
    async (option) => {
      await using peer = await startFakePlatform()
      peer.on('GET /v0/status', () => ({ json: FAKE_NEW_SERVER }))
      using home = createTempFolder()
      const at = SETUP.indexOf(option)
      const rest = SETUP.toSpliced(at, option === '--password-stdin' ? 1 : 2)
      const result = await runSpace(['setup', '--server', peer.origin, ...rest], {
        cwd: home.path,
        stdin: 'x',
      })
      expect(result).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`✗ ${option} is missing`) })
    },
  )
})

test('logging out deletes a token that was made for the log-in, on the server and here', async () => {
  await using peer = await startFakePlatform()
  peer.on('DELETE /v0/access-tokens/xkcfKpsU', () => ({ status: 204, text: '' }))
  using home = createTempFolder()
  const env = { XDG_CONFIG_HOME: home.path }
  saveLogin(env, peer.origin, { access_token: FAKE_TOKEN, is_own: true })
  const result = await runSpace(['logout'], { cwd: home.path, env })
  expect(result).toMatchObject({ exitCode: 0, stderr: `✓ Logged out of ${peer.origin}\n` })
  expect(peer.calls()).toEqual(['DELETE /v0/access-tokens/xkcfKpsU'])
  expect(readCredentials(env)).toEqual({ current: null, servers: {} })
})

test('logging out leaves a token alone that was given to us', async () => {
  await using peer = await startFakePlatform()
  using home = createTempFolder()
  const env = { XDG_CONFIG_HOME: home.path }
  saveLogin(env, peer.origin, { access_token: FAKE_TOKEN, is_own: false })
  expect((await runSpace(['logout'], { cwd: home.path, env })).stderr).toContain('still valid')
  expect(peer.received).toEqual([])
  expect(readCredentials(env).servers).toEqual({})
})

test('logging out of a server that is gone still forgets the token', async () => {
  using home = createTempFolder()
  const env = { XDG_CONFIG_HOME: home.path }
  saveLogin(env, 'http://127.0.0.1:1', { access_token: FAKE_TOKEN, is_own: true })
  const result = await runSpace(['logout'], { cwd: home.path, env })
  expect(result).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('is still valid') })
  expect(readCredentials(env).servers).toEqual({})
})
