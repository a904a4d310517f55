import { describe, expect, test } from 'bun:test'
import { saveLogin } from './credentials.ts'
import { type FakePlatform, FAKE_TOKEN, startFakePlatform, FAKE_NEW_SERVER } from './testing/fake-platform.ts'
import { asUserOf, runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

const errorOf = (stdout: string) => JSON.parse(stdout).error as { code: string; message: string }

describe('which server and which token', () => {
  test('the saved log-in is used without any option', async () => {
    await using peer = await startFakePlatform()
    using home = createTempFolder()
    saveLogin({ XDG_CONFIG_HOME: home.path }, peer.origin, { access_token: FAKE_TOKEN, is_own: true })
    const result = await runSpace(['apps', '--json'], { cwd: home.path, env: { XDG_CONFIG_HOME: home.path } })
    expect(result).toMatchObject({ exitCode: 0, stdout: '{"apps":[]}\n' })
  })

  test('--server wins over SPACE_ROOT, and SPACE_ACCESS_TOKEN over the saved token', async () => {
    await using peer = await startFakePlatform()
    using home = createTempFolder()
    const env = {
      XDG_CONFIG_HOME: home.path,
      SPACE_ROOT: 'http://127.0.0.1:1/api',
      SPACE_ACCESS_TOKEN: FAKE_TOKEN,
    }
    saveLogin(env, peer.origin, { access_token: 'wrongkey_wrongsecret', is_own: true })
    const result = await runSpace(['apps', '--server', peer.origin], { cwd: home.path, env })
    expect(result.exitCode).toBe(0)
  })

  test('a name below localhost needs no resolver, and is the Host that arrives', async () => {
    await using peer = await startFakePlatform()
    using home = createTempFolder()
    const origin = peer.origin.replace('127.0.0.1', 'home.space.localhost')
    const env = { ...asUserOf(peer), SPACE_ROOT: `${origin}/api` }
    expect(await runSpace(['apps'], { cwd: home.path, env })).toMatchObject({ exitCode: 0 })
    expect(peer.received.at(-1)!.headers.host).toBe(new URL(origin).host)
  })
})

describe('what can be wrong says what to type next', () => {
  test('no server', async () => {
    using home = createTempFolder()
    // Port 1 is reserved (RFC 1078); nothing listens there.
    const origin = 'http://localhost:1'
    const { exitCode, stderr } = await runSpace(['apps', '--server', origin], { cwd: home.path })
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `✗ Nothing answers at ${origin}.\n  Start the server: npm start\n`,
    })
  })

  test('something else on the port', async () => {
    using home = createTempFolder()
    await using other = serveHtml()
    const { stdout } = await runSpace(['apps', '--json', '--server', other.origin], { cwd: home.path })
    expect(errorOf(stdout)).toMatchObject({ code: 'not_ownspace' })
  })

  test('no log-in', async () => {
    await using peer = await startFakePlatform()
    const result = await runWithoutToken(peer)
    expect(result.stderr).toContain(`✗ You are not logged in to ${peer.origin}.\n  Log in: space login\n`)
    expect(result.exitCode).toBe(1)
  })

  test('a server without an owner', async () => {
    await using peer = await startFakePlatform()
    peer.on('GET /v0/status', () => ({ json: FAKE_NEW_SERVER }))
    expect((await runWithoutToken(peer)).stderr).toContain(`Create one in a browser at ${peer.origin}`)
  })

  test('the server does not accept the token', async () => {
    await using peer = await startFakePlatform()
    using home = createTempFolder()
    const env = { ...asUserOf(peer), SPACE_ACCESS_TOKEN: 'xkcfKpsU_anotherSecret' }
    const { exitCode, stdout, stderr } = await runSpace(['apps', '--json'], { cwd: home.path, env })
    expect({ exitCode, code: errorOf(stdout).code }).toEqual({ exitCode: 1, code: 'unauthorized' })
    expect(stderr).toContain('Log in again: space login')
  })

  test('SPACE_ACCESS_TOKEN is not a token', async () => {
    await using peer = await startFakePlatform()
    using home = createTempFolder()
    const env = { ...asUserOf(peer), SPACE_ACCESS_TOKEN: 'no-token' }
    expect((await runSpace(['apps'], { cwd: home.path, env })).stderr).toContain('SPACE_ACCESS_TOKEN is not')
  })

  test('the server fails, with a text for people and one for machines', async () => {
    await using peer = await startFakePlatform()
    peer.on('GET /v0/apps', () => ({
      status: 500,
      json: { errors: ['x'], detail: 'Something broke\u001b[2J (req_1)', code: 'internal' },
    }))
    using home = createTempFolder()
    const { stdout } = await runSpace(['apps', '--json'], { cwd: home.path, env: asUserOf(peer) })
    expect(errorOf(stdout)).toEqual({ code: 'internal', message: 'Something broke (req_1)' })
  })
})

async function runWithoutToken(peer: FakePlatform) {
  using home = createTempFolder()
  return await runSpace(['apps'], { cwd: home.path, env: { SPACE_ROOT: `${peer.origin}/api` } })
}

function serveHtml() {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response('<h1>Hello</h1>') })
  return {
    origin: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () => server.stop(true),
  }
}
