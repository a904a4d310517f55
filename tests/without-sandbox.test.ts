/** Without a sandbox an app can read the data of all other apps: only a server of a single person may run so. */
import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startTestServer } from './support/server.ts'
import { startTestSpace } from './support/space.ts'

const REFUSAL = 'Nothing starts without a sandbox on a server of several people'

function addPerson(dataDir: string, name = 'grace'): void {
  using db = new Database(join(dataDir, 'ownspace.db'))
  db.run(`insert into users (id, username, password_hash, created_at_ms) values (?, ?, '-', 1)`, [
    `usr_${name}`,
    name,
  ])
}

test('once there is a second person, nothing starts without a sandbox', async () => {
  await using my = await startTestSpace({ args: ['--sandbox', 'off'] })
  const app = await my.copyApp('tests/fixtures/streams')
  await my.push(app)
  addPerson(my.server.dataDir)
  const { exitCode, stdout, stderr } = await my.run(['push', '--yes'], { cwd: app })
  expect(exitCode).not.toBe(0)
  expect(stdout + stderr).toContain(REFUSAL)
})

test.each([
  [['--sandbox', 'off'], true],
  [['--sandbox', 'off', '--without-sandbox', 'several-people'], false],
])('with %j the server says so at its start: %p', async (args, isSaid) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'ownspace-test-'))
  try {
    {
      await using first = await startTestServer({ dataDir, args })
      expect(first.output()).not.toContain(REFUSAL)
      for (const name of ['grace', 'edsger']) addPerson(dataDir, name)
      await first.stop()
    }
    await using again = await startTestServer({ dataDir, args })
    expect(again.output().includes(REFUSAL)).toBe(isSaid)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
})
