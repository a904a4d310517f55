/** A server whose state is in PostgreSQL: what a person does, and what happens when the database is not there. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../src/kernel/testing/until.ts'
import {
  type PostgresServer,
  missingPostgres,
  startPostgres,
} from '../src/storage/testing/postgres-server.ts'
import { enterApp, signInAtHome } from './attacks/support/attack-harness.ts'
import { childrenOf, commandLineOf, processes, serverProcesses } from './support/processes.ts'
import { type TestServer, startTestServer } from './support/server.ts'
import { startTestSpace } from './support/space.ts'

if (missingPostgres) console.warn(`SKIPPED: a server on PostgreSQL. ${missingPostgres}`)

describe.skipIf(missingPostgres !== null)('a server on PostgreSQL', () => {
  let postgres: PostgresServer
  beforeAll(async () => void (postgres = await startPostgres()))
  afterAll(() => postgres[Symbol.asyncDispose]())

  const newDatabase = async (name: string, options = '') => {
    await postgres.query(`create database ${name} ${options}`)
    return postgres.url(name)
  }

  test('is set up, takes a push and signs its owner in, and is the same after a restart', async () => {
    const url = await newDatabase('main_job')
    await using my = await startTestSpace({ env: { OWNSPACE_DATABASE: url } })
    const { host } = new URL((await my.push(await my.copyApp('tests/fixtures/recorder'))).url)
    expect((await my.server.request(host, '/recorded')).status).toBe(401)
    const home = host.slice(host.indexOf('.') + 1)
    const Cookie = await enterApp(my.server, host, await signInAtHome(my.server, home))
    expect((await my.server.request(host, '/recorded', { headers: { Cookie } })).status).toBe(200)
    expect(existsSync(join(my.server.dataDir, 'ownspace.db'))).toBe(false)
    expect(await postgres.query('select username from users', 'main_job')).toEqual([{ username: 'ada' }])

    const login = { username: 'ada\u0000', password: my.server.owner.password }
    const headers = { 'Content-Type': 'application/json' }
    const body = JSON.stringify(login)
    const refused = await my.server.request(home, '/api/v0/session', { method: 'POST', headers, body })
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('NUL character')])

    await my.server.stop()
    const { dataDir, port } = my.server
    await using again = await startTestServer({ dataDir, port, env: { OWNSPACE_DATABASE: url } })
    expect((await again.request(host, '/recorded', { headers: { Cookie } })).status).toBe(200)
  })

  test('shows the password to no process but the platform, and prints it nowhere', async () => {
    const url = await newDatabase('secrets')
    await using my = await startTestSpace({ args: ['--database', url, '--log-level', 'debug'] })
    const { host } = new URL((await my.push(await my.copyApp('tests/fixtures/recorder'))).url)
    expect((await my.server.request(host, '/recorded')).status).toBeGreaterThan(0)
    const platforms = serverProcesses(my.server, 'platform')
    const supervisors = processes((line) => line.includes(my.server.dataDir)).filter((pid) =>
      childrenOf(pid).some((child) => platforms.includes(child)),
    )
    const below = descendantsOf(supervisors[0]!)
    expect(below.length).toBeGreaterThan(2)
    expect(below.filter((pid) => commandLineOf(pid).includes(postgres.password))).toEqual([])
    const others = below.filter((pid) => !platforms.includes(pid))
    expect(others.filter((pid) => environmentOf(pid).includes(postgres.password))).toEqual([])
    const logs = [my.server.output(), ...(await answersOf(my.server))].join('\n')
    expect(logs).not.toContain(postgres.password)
    expect(my.server.output()).toContain('Set OWNSPACE_DATABASE instead of --database')
  })

  test('answers 503 while the database is gone, and recovers by itself', async () => {
    const url = await newDatabase('lost')
    await using my = await startTestSpace({ env: { OWNSPACE_DATABASE: url } })
    const { host } = new URL((await my.push(await my.copyApp('tests/fixtures/recorder'))).url)
    const home = host.slice(host.indexOf('.') + 1)
    const cookie = await signInAtHome(my.server, home)
    const Cookie = await enterApp(my.server, host, cookie)
    const status = async () =>
      (await my.server.request(home, '/api/v0/status', { headers: { Cookie: cookie } })).status
    expect(await status()).toBe(200)

    await postgres.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()',
    )
    await until('the server has connected again', async () => (await status()) === 200)

    await postgres.stop()
    const gone = await my.server.request(home, '/api/v0/status', { headers: { Cookie: cookie } })
    expect(gone.status).toBe(503)
    expect(gone.headers.get('retry-after')).toBe('5')
    expect(await gone.text()).toContain('The database does not answer right now')
    // Gateways decide from their copy: what runs keeps serving.
    expect((await my.server.request(host, '/recorded', { headers: { Cookie } })).status).toBe(200)

    const [platform] = serverProcesses(my.server, 'platform')
    await postgres.start()
    await until('the server has connected again', async () => (await status()) === 200)
    expect(serverProcesses(my.server, 'platform')).toEqual([platform!])
    await my.push(join(my.folder, 'recorder'))
  })

  describe('does not start, and says what to do,', () => {
    let dataDir: string
    beforeAll(() => void (dataDir = mkdtempSync(join(tmpdir(), 'ownspace-refused-'))))
    afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

    const failure = async (url: string) => {
      const started = startTestServer({ dataDir, env: { OWNSPACE_DATABASE: url } })
      const message = await started.then(
        () => 'it started',
        (error: Error) => error.message,
      )
      expect(message).not.toContain(postgres.password)
      return message
    }

    test('with a wrong password', async () => {
      const url = postgres.url('postgres').replace(postgres.password, 'wrong-password')
      const message = await failure(url)
      expect(message).toContain('Check the user and the password in OWNSPACE_DATABASE')
      expect(message).not.toContain('wrong-password')
    })

    test('on a database that is missing', async () => {
      expect(await failure(postgres.url('nowhere'))).toContain('Create it (createdb nowhere)')
    })

    test('where nothing listens', async () => {
      const message = await failure('postgres://ada:secret-word@127.0.0.1:1/space')
      expect(message).toContain('Make sure that PostgreSQL runs and listens at 127.0.0.1:1')
      expect(message).not.toContain('secret-word')
    })

    test('where its user may make no tables', async () => {
      await newDatabase('closed')
      await postgres.query(`create role guest login password '${postgres.password}'`)
      await postgres.query('revoke create on schema public from public', 'closed')
      const url = postgres.url('closed').replace('postgres:', 'postgres:').replace('//postgres:', '//guest:')
      expect(await failure(url)).toContain('Make its user the owner (alter database closed owner to guest)')
    })

    test('on a database with another encoding', async () => {
      const url = await newDatabase('latin', `encoding 'LATIN1' locale 'C' template template0`)
      expect(await failure(url)).toContain('has the encoding LATIN1; Ownspace needs UTF8')
    })

    test('on the database of another folder', async () => {
      const url = await newDatabase('taken')
      await using first = await startTestServer({ env: { OWNSPACE_DATABASE: url } })
      await first.stop()
      expect(await failure(url)).toMatch(
        /The key .*server\.key is missing, and postgres:.*taken cannot be read/,
      )
    })

    test('while another server uses the database', async () => {
      const url = await newDatabase('shared')
      await using _first = await startTestServer({ env: { OWNSPACE_DATABASE: url } })
      const args = ['--database-within', '1s']
      const started = startTestServer({ dataDir, args, env: { OWNSPACE_DATABASE: url } })
      await expect(started).rejects.toThrow('is used by another server')
    })

    test('beside a SQLite database', async () => {
      const url = await newDatabase('beside')
      await using first = await startTestServer()
      await first.stop()
      const started = startTestServer({ dataDir: first.dataDir, env: { OWNSPACE_DATABASE: url } })
      await expect(started).rejects.toThrow('is the folder of a SQLite database')
    })
  })
})

const environmentOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}

const descendantsOf = (pid: number): number[] =>
  childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)])

/** What a stranger is answered, errors included. */
const answersOf = (server: TestServer): Promise<string[]> =>
  Promise.all(
    ['/api/v0/status', '/api/v0/nowhere', '/api/v0/space', '/login'].map(async (path) =>
      (await server.request('localhost', path)).text(),
    ),
  )
