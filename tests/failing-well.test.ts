/** What goes wrong says what, why and what to type next, and leaves what was there before. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { chmod, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { space } from './support/command.ts'
import { freePort, serverEnvironment, startTestServer } from './support/server.ts'
import { type Pushed, type TestSpace, startTestSpace } from './support/space.ts'

let my: TestSpace
beforeAll(async () => void (my = await startTestSpace({ args: ['--start-within', '8s'] })))
afterAll(async () => await my?.[Symbol.asyncDispose]())

describe('the command', () => {
  test('an unknown command suggests a known one', async () => {
    const { exitCode, stderr } = await my.run(['psuh'])
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain('push')
  })

  test('no server says how to start one', async () => {
    const port = await freePort()
    const { exitCode, stderr } = await my.run(['apps', '--server', `http://localhost:${port}`], {
      env: { SPACE_ACCESS_TOKEN: 'abcdefgh_abcdefghabcdefghabcdefghabcdefgh' },
    })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(`http://localhost:${port}`)
    expect(stderr).toContain('npm start')
  })

  test('a wrong token says to sign in', async () => {
    const { exitCode, stderr } = await my.run(['apps', '--server', my.server.home], {
      env: { SPACE_ACCESS_TOKEN: 'abcdefgh_abcdefghabcdefghabcdefghabcdefgh' },
    })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('space login')
  })

  test('a wrong Spacefile is shown with the line before anything is sent', async () => {
    const folder = await my.copyApp('tests/fixtures/bad-spacefile')
    const { exitCode, stderr, stdout } = await my.run(['push', '--yes'], { cwd: folder })
    expect(exitCode).toBe(1)
    expect(stderr + stdout).toMatch(/Spacefile:\d+:\d+/)
  })
})

describe('a push that fails', () => {
  let folder: string
  let first: Pushed
  const ping = () => my.server.request(new URL(first.url).host, '/')

  beforeAll(async () => {
    folder = await my.copyApp('tests/fixtures/works')
    first = await my.push(folder)
    expect(await (await ping()).text()).toBe('it works')
  })

  test.each([
    ['crashes-at-start', /crash|exit|ended/i],
    ['never-listens', /did not listen on \$PORT within 8 s/],
  ])('%s: the reason is shown and the previous revision keeps serving', async (fixture, reason) => {
    await cp(join(import.meta.dir, 'fixtures', fixture), folder, { recursive: true })
    const { exitCode, stderr, stdout } = await my.run(['push', '--yes'], { cwd: folder })
    expect(exitCode).toBe(1)
    expect(stderr + stdout).toMatch(reason)
    expect(await (await ping()).text()).toBe('it works')
  })
})

describe('the server', () => {
  test('a second one on the same data folder is refused', async () => {
    const { exitCode, text } = await serve(['--data', my.server.dataDir, '--port', String(await freePort())])
    expect(exitCode).toBe(1)
    expect(text).toContain('Another Ownspace')
    expect(text).toContain('--data')
  })

  test('a taken port says so', async () => {
    const data = await mkdtemp(join(tmpdir(), 'ownspace-port-'))
    const { exitCode, text } = await serve(['--data', data, '--port', String(my.server.port)])
    expect(exitCode).toBe(1)
    expect(text).toContain(String(my.server.port))
    expect(text).toContain('--port')
    await rm(data, { recursive: true })
  })

  test('a data folder that cannot be written says so', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'ownspace-ro-'))
    await Bun.write(join(parent, 'file'), '')
    await chmod(parent, 0o500)
    const { exitCode, text } = await serve([
      '--data',
      join(parent, 'file/data'),
      '--port',
      String(await freePort()),
    ])
    expect(exitCode).toBe(1)
    expect(text).toContain('--data')
    // Only root could empty it as it is.
    await chmod(parent, 0o700)
    await rm(parent, { recursive: true })
  })

  test('a wrong flag is named', async () => {
    expect(await serve(['--prot', '1'])).toMatchObject({
      exitCode: 2,
      text: expect.stringContaining('--prot'),
    })
    expect(await serve(['--port', 'abc'])).toMatchObject({
      exitCode: 2,
      text: expect.stringContaining('abc'),
    })
  })
})

test('a restart finds everything again: owner, sessions, apps and keys', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ownspace-restart-'))
  const port = await freePort()
  let pushed: Pushed
  {
    await using before = await startTestSpace({ dataDir, port })
    pushed = await before.push(await before.copyApp('examples/two-micros'))
    expect(await before.server.stop()).toBe(0)
  }
  await using after = await startTestServer({ dataDir, port })
  expect(after.output()).not.toContain('TEST-CODE')
  expect((await after.request(new URL(pushed.url).host, '/api/public')).status).toBe(200)
  expect((await after.request(new URL(pushed.url).host, '/')).status).toBe(401)
  expect(
    (
      await space(
        ['setup', '--server', after.home, '--code', 'TEST-CODE', '--username', 'eve', '--password-stdin'],
        { cwd: dataDir, home: dataDir, stdin: 'long enough to pass' },
      )
    ).exitCode,
  ).toBe(1)
  await rm(dataDir, { recursive: true, force: true })
})

async function serve(args: readonly string[]) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, '../src/main.ts'), ...args], {
    env: serverEnvironment(),
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { exitCode, text: stdout + stderr }
}
