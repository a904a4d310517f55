/** After the base domain of a server changed, logged-in people and linked folders find the new address. */
import { expect, setDefaultTimeout, test } from 'bun:test'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { space, spaceJson } from './support/command.ts'
import { freePort, startTestServer } from './support/server.ts'

setDefaultTimeout(120_000)

test('space push explains the change, and pushes to the same app after a log-in at the new address', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ownspace-move-'))
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) }
  const app = join(folder, 'app')
  await cp(join(import.meta.dir, 'fixtures/works'), app, { recursive: true })
  const port = await freePort()
  const at = (domain: string) =>
    startTestServer({ dataDir: join(folder, 'data'), port, args: ['--domain', domain] })
  const [oldHome, newHome] = ['old', 'new'].map((name) => `http://${name}.localhost:${port}`) as [
    string,
    string,
  ]
  const terminal = { cwd: app, home: folder }
  const token = await readToken()

  async function readToken() {
    await using server = await at('old.localhost')
    const { username, password } = server.owner
    const args = ['setup', '--server', oldHome, '--code', server.setupCode, '--username', username]
    await spaceJson([...args, '--password-stdin'], { ...terminal, stdin: password })
    await spaceJson(['push', '--yes'], terminal)
    const saved = await Bun.file(join(folder, '.config/ownspace/cli.json')).json()
    return saved.servers[oldHome].access_token as string
  }

  await using _server = await at('new.localhost')
  const lost = await space(['push', '--yes'], terminal)
  expect([lost.exitCode, lost.stderr]).toEqual([
    1,
    `✗ An Ownspace answers at ${oldHome}, but its Home has another address.
  The server shows the address of Home when it starts.
  If its base domain was changed, log in at the new address: space login --server <new address>
  Linked folders stay linked to their apps.
`,
  ])

  await space(['login', '--server', newHome, '--with-token'], { ...terminal, stdin: token })
  await spaceJson(['push', '--yes'], terminal)
  expect((await spaceJson<{ apps: object[] }>(['apps'], terminal)).apps ?? []).toHaveLength(1)
})
