/** The server, or a part of it, ends in the middle of a push: the command waits, takes up again, and blames right. */
import { expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandResult, startSpace } from './support/command.ts'
import { processes, serverProcesses } from './support/processes.ts'
import { freePort, startTestServer } from './support/server.ts'
import { type TestSpace, startTestSpace } from './support/space.ts'

/** Without a sandbox a build can wait for a file of the test. */
const ARGS = ['--sandbox', 'off']

interface Build {
  readonly ended: Promise<CommandResult>
  /** Lets the build end. */
  open(): Promise<void>
}

/** Resolves while the build is under way. */
async function pushGated(my: TestSpace): Promise<Build> {
  const folder = await mkdtemp(join(my.folder, 'gated-'))
  const gate = join(folder, 'gate')
  await writeFile(
    join(folder, 'Spacefile'),
    `v: 0\nmicros:\n  - name: web\n    src: .\n    engine: static\n    serve: .\n    commands:\n      - echo begun; until [ -e ${gate} ]; do sleep 0.1; done; echo opened\n`,
  )
  const push = startSpace(['push', '--yes'], { ...my.terminal, cwd: folder })
  await push.printed(/│ \[web\] begun/)
  return { ended: push.ended, open: () => writeFile(gate, '') }
}

const WAITS = /does not answer; waiting for it to come back/g
const blamesServer = ({ exitCode, stderr }: CommandResult) => {
  expect(exitCode).toBe(1)
  expect(stderr).toContain('✗ The build failed')
  expect(stderr).toContain('The server stopped before this had finished')
  expect(stderr).toContain(
    'The cause is on the server, not in the app. Once the server is ready, run: space push',
  )
  expect(stderr).not.toMatch(/Fix the app|fetch\(|not Ownspace/)
}

test('a gateway that is killed: the push follows the build through its successor', async () => {
  await using my = await startTestSpace({ args: ARGS })
  const build = await pushGated(my)
  for (const pid of serverProcesses(my.server, 'gateway')) process.kill(pid, 'SIGKILL')
  await build.open()
  const { exitCode, stderr } = await build.ended
  expect(stderr).toContain('✓ App is running')
  expect(stderr.match(/│ \[web\] begun/g)).toHaveLength(1)
  expect(exitCode).toBe(0)
})

test('the control process is killed: its build is reported as ended by the server', async () => {
  await using my = await startTestSpace({ args: ARGS })
  const build = await pushGated(my)
  process.kill(serverProcesses(my.server, 'platform')[0]!, 'SIGKILL')
  blamesServer(await build.ended)
  await build.open()
})

test('the whole server is killed and started again: the push continues, and the wait is shown once', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ownspace-restarted-'))
  const port = await freePort()
  await using my = await startTestSpace({ args: ARGS, dataDir, port })
  const build = await pushGated(my)
  for (const pid of processes((line) => line.includes('src/main.ts') && line.includes(dataDir)))
    process.kill(pid, 'SIGKILL')
  await my.server.stop()
  await using _again = await startTestServer({ args: ARGS, dataDir, port })
  const result = await build.ended
  blamesServer(result)
  expect(result.stderr.match(WAITS)?.length ?? 0).toBeLessThanOrEqual(1)
  await build.open()
  await rm(dataDir, { recursive: true, force: true })
})
