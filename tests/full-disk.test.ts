/** A disk without a byte left: apps keep running, the owner can make room, and pushes say why they are refused. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { readServerConfig } from '../src/config/index.ts'
import { canMount, openSmallDisk } from '../src/disk/testing/small-disk.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { startPlatformProcess } from '../src/processes/platform.ts'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { type Pushed, startTestSpace } from './support/space.ts'

test.skipIf(!canMount())('the platform starts on a disk that has become full', async () => {
  using disk = openSmallDisk(48)!
  const args = ['--data', disk.dir, '--disk-reserve', '8mb', '--min-free', '16mb', '--sandbox', 'off']
  const config = readServerConfig(args, {})
  mkdirSync(config.runDir, { mode: 0o700 })
  {
    await using first = await startPlatformProcess(config, silentLogger)
    expect(first.setupCode).not.toBeNull()
  }
  disk.fill()
  await using again = await startPlatformProcess(config, silentLogger)
  expect(again.setupCode).not.toBeNull()
})

/** A server on a small disk of its own, with an app. */
async function startOnSmallDisk() {
  const disk = openSmallDisk(96)!
  await chmod(disk.dir, 0o755)
  const args = ['--disk-reserve', '8mb', '--min-free', '16mb', '--build-disk', '20mb', '--app-cache', '2mb']
  const my = await startTestSpace({ dataDir: disk.dir, args })
  const folder = await my.copyApp('tests/fixtures/works')
  const pushed = await my.push(folder)
  return {
    disk,
    my,
    folder,
    pushed,
    push: (from = folder) => my.run(['push', '--yes'], { cwd: from }),
    ask: () => my.server.request(new URL(pushed.url).host, '/'),
    async [Symbol.asyncDispose]() {
      await my[Symbol.asyncDispose]()
      disk[Symbol.dispose]()
    },
  }
}

type OnSmallDisk = Awaited<ReturnType<typeof startOnSmallDisk>>

describe.skipIf(!canMount())('a server on a full disk', () => {
  let at: OnSmallDisk
  let superfluous: Pushed
  beforeAll(async () => {
    at = await startOnSmallDisk()
    superfluous = await at.my.push(await at.my.copyApp('tests/fixtures/streams'))
    at.disk.fill()
  })
  afterAll(() => at?.[Symbol.asyncDispose]())

  test('apps answer', async () => {
    expect(await (await at.ask()).text()).toBe('it works')
  })

  test('a push is refused, and the command says why and what to do', async () => {
    const { exitCode, stderr } = await at.push()
    expect(exitCode).toBe(1)
    expect(stderr).toContain("The server's disk has")
    expect(stderr).toContain('Delete an app that is no longer needed, or free space on the server')
    expect(await (await at.ask()).text()).toBe('it works')
  })

  test('the owner can sign in', async () => {
    const { server } = at.my
    const { status } = await server.request(`localhost:${server.port}`, '/api/v0/session', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(server.owner),
    })
    expect(status).toBe(201)
    expect(server.output()).toContain('the reserve was released')
  })

  test.skipIf(missingBrowser !== null)('Home says so, and shows what is left', async () => {
    const { server } = at.my
    await using browser = await launchBrowser()
    const page = await browser.newPage()
    await page.goto(server.home)
    await page.getByLabel('Username or e-mail').fill(server.owner.username)
    await page.getByLabel('Password', { exact: true }).fill(server.owner.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText("The server's disk is nearly full").waitFor()
    await page.goto(`${server.home}/account`)
    await page.getByText('Build caches').waitFor()
  })

  test('an app can be deleted', async () => {
    const { exitCode, stderr } = await at.my.run(['delete', superfluous.instance_id, '--yes'])
    expect([exitCode, stderr]).toEqual([0, expect.any(String)])
    expect((await at.my.server.request(new URL(superfluous.url).host, '/stream')).status).toBe(404)
  })
})

describe.skipIf(!canMount())('a server on a small disk', () => {
  let at: OnSmallDisk
  beforeAll(async () => void (at = await startOnSmallDisk()))
  afterAll(() => at?.[Symbol.asyncDispose]())

  test('ends a build that writes more than its bound, and the command says why', async () => {
    const { exitCode, stderr } = await at.push(await at.my.copyApp('tests/fixtures/greedy'))
    expect(exitCode).toBe(1)
    expect(stderr).toContain('The build wrote more than 20 MB into its folder')
    expect(stderr).toContain('--build-disk')
  })

  test('takes pushes again when its full disk has room', async () => {
    at.disk.fill()
    expect((await at.push()).exitCode).toBe(1)
    at.disk.clear()
    const again = await at.my.push(await at.my.copyApp('examples/two-micros'))
    expect(again.url).toContain('http')
  })
})
