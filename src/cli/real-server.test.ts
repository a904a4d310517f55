/** The whole command against a whole server: what a script does on a machine without a browser. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { signInAtHome } from '../../tests/attacks/support/attack-harness.ts'
import { type TestServer, startTestServer } from '../../tests/support/server.ts'
import { step } from '../../tests/support/step.ts'
import type { Explanation, Exposure, Instance, Session, Surface } from '../contract/index.ts'
import { type RunResult, runSpace } from './testing/run-space.ts'
import { type TempFolder, createTempFolder } from './testing/temp-folder.ts'

const ROOT = join(import.meta.dir, '../..')

let server: TestServer
let folder: TempFolder

beforeAll(async () => {
  server = await startTestServer()
  folder = createTempFolder()
  const copy = (from: string, to: string) =>
    cpSync(join(ROOT, from), join(folder.path, to), {
      recursive: true,
      filter: (path) => !/node_modules|\.space$/.test(path),
    })
  copy('examples/express', 'express')
  copy('tests/fixtures/crashes-at-start', 'crashes')
})

afterAll(async () => {
  folder?.[Symbol.dispose]()
  await server?.[Symbol.asyncDispose]()
})

const run = (argv: readonly string[], options: { in?: string; stdin?: string } = {}): Promise<RunResult> =>
  runSpace(argv, {
    cwd: join(folder.path, options.in ?? '.'),
    env: { XDG_CONFIG_HOME: folder.path, PATH: process.env.PATH ?? '' },
    stdin: options.stdin,
  })

async function answer<T>(argv: readonly string[], options?: Parameters<typeof run>[1]): Promise<T> {
  const { exitCode, stdout, stderr } = await run([...argv, '--json'], options)
  if (exitCode !== 0) throw new Error(`space ${argv.join(' ')} ended with ${exitCode}:\n${stderr}`)
  return JSON.parse(stdout) as T
}

interface Pushed {
  readonly app: string
  readonly revision: string
  readonly url: string
  readonly public_routes: Instance['public_routes']
  readonly exposure: Exposure
}

test.each(['/api', '/api/', '/', ''])('a client whose root ends in "%s" finds the time', async (root) => {
  const answer = await server.request('localhost', `${root}/v0/time`)
  expect(await answer.text()).toMatch(/^\d+$/)
})

test('a script sets up, pushes, and ends what it made', async () => {
  let pushed: Pushed

  await step('setup makes the owner, and the token it prints logs another terminal in', async () => {
    const { code, ...owner } = { code: server.setupCode, ...server.owner }
    const argv = [
      'setup',
      '--server',
      server.home,
      '--code',
      code,
      '--username',
      owner.username,
      '--password-stdin',
    ]
    const { access_token } = await answer<{ access_token: string }>(argv, { stdin: `${owner.password}\n` })
    const login = ['login', '--server', server.home, '--with-token']
    expect(await answer<object>(login, { stdin: access_token })).toMatchObject({ name: owner.username })
  })

  await step('push makes an app of a folder, and says where it is and that it is private', async () => {
    pushed = await answer<Pushed>(['push'], { in: 'express' })
    expect(pushed.url).toMatch(/^http:\/\/[a-z0-9-]+\.space\.localhost:\d+$/)
    expect(pushed.public_routes).toEqual([])
    const { host } = new URL(pushed.url)
    expect((await server.request(host, '/ping')).status).toBe(401)
  })

  await step('a key is accepted once micros accept keys, and refused once it is deleted', async () => {
    const spacefile = join(folder.path, 'express/Spacefile')
    await Bun.write(spacefile, `${await Bun.file(spacefile).text()}    presets:\n      api_keys: true\n`)
    pushed = await answer<Pushed>(['push'], { in: 'express' })
    const key = await answer<{ value: string }>(['keys', 'create', pushed.app, '--name', 'script'])
    const { host } = new URL(pushed.url)
    const ping = () => server.request(host, '/ping', { headers: { 'X-Space-App-Key': key.value } })
    expect(await (await ping()).text()).toBe('pong')
    await answer(['keys', 'delete', pushed.app, 'script'])
    expect((await ping()).status).toBe(401)
  })

  await step('a public route is announced, listed, closed, explained and reopened', async () => {
    const spacefile = join(folder.path, 'express/Spacefile')
    await Bun.write(spacefile, `${await Bun.file(spacefile).text()}    public_routes: ["/ping"]\n`)
    pushed = await answer<Pushed>(['push'], { in: 'express' })
    expect(pushed.exposure.opens).toMatchObject([{ micro: 'express', pattern: '/ping', outside: '/ping' }])
    const ping = async () => await server.request(new URL(pushed.url).host, '/ping')
    expect((await ping()).status).toBe(200)

    const closed = await answer<Surface>(['access', 'close', pushed.app, 'express', '/ping'])
    expect(closed.routes).toMatchObject([{ outside: '/ping', state: 'closed' }])
    const refused = await ping()
    expect(refused.status).toBe(401)
    const { refusal } = (await refused.json()) as { refusal: string }
    const explanation = await answer<Explanation>(['access', 'explain', refusal])
    expect(explanation).toMatchObject({ outcome: 'refused', micro: 'express', credential: 'none' })

    await answer(['access', 'reopen', pushed.app, 'express', '/ping'])
    expect((await ping()).status).toBe(200)
    const asked = await answer<Explanation>(['access', 'explain', 'GET', '/ping'], { in: 'express' })
    expect(asked).toMatchObject({ outcome: 'public', rule: { pattern: '/ping', from: 'express' } })
  })

  await step('a limited key is refused outside its scope, and a rotated one expires when asked', async () => {
    const limits = ['--method', 'GET', '--path', '/only']
    const key = await answer<{ value: string }>(['keys', 'create', pushed.app, '--name', 'narrow', ...limits])
    const get = async (path: string, value: string) =>
      (await server.request(new URL(pushed.url).host, path, { headers: { 'X-Space-App-Key': value } })).status
    expect([await get('/only', key.value), await get('/', key.value)]).toEqual([404, 401])
    const fresh = await answer<{ value: string }>(['keys', 'rotate', pushed.app, 'narrow', '--overlap', '0m'])
    expect([await get('/only', key.value), await get('/only', fresh.value)]).toEqual([401, 404])
  })

  await step('the browsers of the owner are listed, and signed out', async () => {
    await signInAtHome(server, `space.localhost:${server.port}`)
    const { sessions } = await answer<{ sessions: Session[] }>(['sessions', 'list'])
    expect(sessions).toHaveLength(1)
    await answer(['sessions', 'revoke', '--all'])
    expect(await answer<object>(['sessions', 'list'])).toEqual({ sessions: [] })
  })

  await step('apps, open and logs know it', async () => {
    expect((await run(['apps'])).stdout).toContain(pushed.url)
    expect((await run(['open', '--print'], { in: 'express' })).stdout).toBe(`${pushed.url}\n`)
    expect((await run(['logs', pushed.app])).stdout).toContain('[express]')
  })

  await step(
    'a revision that crashes at start is reported with the end of its log, and the previous one keeps serving',
    async () => {
      await Bun.write(join(folder.path, 'crashes/.space/meta'), JSON.stringify({ id: pushed.app }))
      const { exitCode, stderr } = await run(['push'], { in: 'crashes' })
      expect(exitCode).toBe(1)
      expect(stderr).toContain('✗ The app did not start')
      expect(stderr).toContain(`Revision ${pushed.revision} is still serving at ${pushed.url}`)
      const [instance] = (await answer<{ apps: { instances: Instance[] }[] }>(['apps'])).apps[0]!.instances
      expect(instance!.revision_tag).toBe(pushed.revision)
    },
  )

  await step('delete ends it, and logging out ends the token', async () => {
    await answer(['delete', pushed.app, '--yes'])
    expect((await server.request(new URL(pushed.url).host, '/ping')).status).toBe(404)
    expect(await answer<object>(['apps'])).toEqual({ apps: [] })
    expect((await run(['logout'])).exitCode).toBe(0)
    expect((await run(['apps', '--server', server.home])).stderr).toContain('You are not logged in')
  })
})
