/** The same sandbox on a server that runs as an ordinary user. The other tests attack it as the user that runs the tests. */
import { expect, test } from 'bun:test'
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readAll } from '../process/read-all.ts'

const USER = '54321'

/** A device that every user may use, as distributions have it, in a separate mount namespace. */
const WITH_TUN = `mount -t tmpfs -o mode=755 tmpfs /dev/net; mknod -m 666 /dev/net/tun c 10 200
  exec setpriv --reuid=${USER} --regid=${USER} --clear-groups "$@"`

/** Runs tests of the sandbox as another user of this machine; returns their output. */
async function testAs(files: readonly string[], pattern: string): Promise<{ code: number; output: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'ordinary-user-'))
  chmodSync(folder, 0o777)
  try {
    const paths = files.map((file) => join(import.meta.dir, file))
    const only = pattern === '' ? [] : ['-t', pattern]
    const command = [process.execPath, 'test', '--timeout', '60000', ...only, ...paths]
    const child = Bun.spawn({
      cmd: ['unshare', '--mount', '--propagation=private', 'sh', '-ec', WITH_TUN, 'sh', ...command],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: folder, TMPDIR: folder },
      cwd: join(import.meta.dir, '../../../..'),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    return { output: await readAll(child.stderr), code: await child.exited }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Root, where it may mount, and where another user can read these files. */
function canTry(): boolean {
  const hasTun = statSync('/dev/net/tun', { throwIfNoEntry: false }) !== undefined
  if (process.getuid!() !== 0 || !hasTun) return false
  const isReadable = ['sh', '-c', 'test -r "$1" && test -x "$2"', 'sh', import.meta.path, process.execPath]
  const cmd = ['unshare', '--mount', 'setpriv', `--reuid=${USER}`, '--clear-groups', ...isReadable]
  return Bun.spawnSync({ cmd, stderr: 'ignore' }).exitCode === 0
}

test.skipIf(!canTry())(
  'as an ordinary user, the network and kernel settings are closed and micros can call each other on port 443',
  async () => {
    const files = [
      'closed-addresses.test.ts',
      'sandbox-escape.test.ts',
      'network.test.ts',
      'space-hosts.test.ts',
      'data-relay.test.ts',
    ]
    const names = [
      'when the network around',
      'to private and reserved',
      'no kernel setting',
      'no capability',
      'port 443',
      'the process that keeps its data',
    ]
    const { output, code } = await testAs(files, names.join('|'))
    expect(output).not.toContain('SKIPPED')
    expect(output).toMatch(/\n 8 pass\n/)
    expect(code).toBe(0)
  },
)

test.skipIf(!canTry())('its limitations are printed', async () => {
  const { output } = await testAs(['detect.test.ts'], 'the limitations of the sandbox')
  expect(output).toMatch(/\n 1 pass\n/)
})

test.skipIf(!canTry())('as an ordinary user, builds find compilers and cannot change them', async () => {
  const { output, code } = await testAs(['build-programs.test.ts'], '')
  expect([code, output]).toEqual([0, expect.stringMatching(/\n 0 fail\n/)])
  expect(output).not.toContain('SKIPPED')
})
