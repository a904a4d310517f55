/** A platform that dies on a full disk is restarted until there is space, and the gateways keep answering. */
import { expect, test } from 'bun:test'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serverProcesses } from './support/processes.ts'
import { type TestServer, startTestServer } from './support/server.ts'
import { until } from '../src/kernel/testing/until.ts'

/** A file system of its own; null, with a line that says so, where nothing can be mounted. */
function mountSmallDisk() {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-disk-'))
  const isMounted = Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=16m', 'ownspace-test', folder]).success
  if (!isMounted) console.warn('SKIPPED: a platform on a full disk, which takes a mount (run it as root)')
  const filler = join(folder, 'filler')
  return {
    folder,
    isMounted,
    fill() {
      const { bavail, bsize } = statfsSync(folder)
      writeFileSync(filler, new Uint8Array(bavail * bsize))
    },
    clear: () => rmSync(filler),
    [Symbol.dispose]() {
      if (isMounted) Bun.spawnSync(['umount', '--lazy', folder])
      rmSync(folder, { recursive: true })
    },
  }
}

const statusOfHome = async ({ request }: TestServer) => (await request('localhost', '/')).status

test('it comes back once space is free', async () => {
  using disk = mountSmallDisk()
  if (!disk.isMounted) return
  await using server = await startTestServer({ dataDir: join(disk.folder, 'data') })
  disk.fill()
  const [platform] = serverProcesses(server, 'platform')
  process.kill(platform!, 'SIGKILL')
  const failures = () => server.output().split('the platform ended unexpectedly').length - 1
  await until('it was restarted', async () => failures() >= 3 || (await statusOfHome(server)) === 200)
  expect(await statusOfHome(server)).toBeOneOf([200, 503])
  disk.clear()
  await until('Home works', async () => (await statusOfHome(server)) === 200)
})
