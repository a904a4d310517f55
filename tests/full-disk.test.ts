/** A disk without a byte left: apps keep running, the owner can make room, and pushes say why they are refused. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { readServerConfig } from '../src/config/index.ts'
import { type SmallDisk, canMount, openSmallDisk } from '../src/disk/testing/small-disk.ts'
import { silentLogger } from '../src/kernel/log.ts'
import { startPlatformProcess } from '../src/processes/platform.ts'
import { launchBrowser, missingBrowser } from './support/browser.ts'
import { type Pushed, type TestSpace, startTestSpace } from './support/space.ts'

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

describe.skipIf(!canMount())('a server', () => {
  let disk: SmallDisk
  let my: TestSpace
  let folder: string
  let pushed: Pushed
  const ask = () => my.server.request(new URL(pushed.url).host, '/')

  beforeAll(async () => {
    disk = openSmallDisk(96)!
    await chmod(disk.dir, 0o755)
    const args = ['--disk-reserve', '8mb', '--min-free', '16mb', '--build-disk', '20mb', '--app-cache', '2mb']
    my = await startTestSpace({ dataDir: disk.dir, args })
    folder = await my.copyApp('tests/fixtures/works')
    pushed = await my.push(folder)
  })
  afterAll(async () => {
    await my?.[Symbol.asyncDispose]()
    disk?.[Symbol.dispose]()
  })

  test('ends a build that writes more than its bound, and the command says why', async () => {
    const greedy = await my.copyApp('tests/fixtures/greedy')
    const { exitCode, stderr } = await my.run(['push', '--yes'], { cwd: greedy })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('The build wrote more than 20 MB into its folder')
    expect(stderr).toContain('--build-disk')
  })

  describe('on a full disk', () => {
    beforeAll(() => disk.fill())

    test('apps answer', async () => {
      expect(await (await ask()).text()).toBe('it works')
    })

    test('a push is refused, and the command says why and what to do', async () => {
      const { exitCode, stderr } = await my.run(['push', '--yes'], { cwd: folder })
      expect(exitCode).toBe(1)
      expect(stderr).toContain("The server's disk has")
      expect(stderr).toContain('Delete an app that is no longer needed, or free space on the server')
      expect(await (await ask()).text()).toBe('it works')
    })

    test('the owner can sign in', async () => {
      const { status } = await my.server.request(`localhost:${my.server.port}`, '/api/v0/session', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(my.server.owner),
      })
      expect(status).toBe(201)
      expect(my.server.output()).toContain('the reserve was released')
    })

    test.skipIf(missingBrowser !== null)('Home says so, and shows what is left', async () => {
      await using browser = await launchBrowser()
      const page = await browser.newPage()
      await page.goto(my.server.home)
      await page.getByLabel('Username or e-mail').fill(my.server.owner.username)
      await page.getByLabel('Password', { exact: true }).fill(my.server.owner.password)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByText("The server's disk is nearly full").waitFor()
      await page.goto(`${my.server.home}/account`)
      await page.getByText('Build caches').waitFor()
    })

    test('an app can be deleted; with room, pushes work again', async () => {
      const { exitCode, stderr } = await my.run(['delete', pushed.instance_id, '--yes'], { cwd: folder })
      expect([exitCode, stderr]).toEqual([0, expect.any(String)])
      expect((await ask()).status).toBe(404)
      disk.clear()
      const again = await my.push(await my.copyApp('examples/two-micros'))
      expect(again.url).toContain('http')
    })
  })
})
