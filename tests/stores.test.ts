/** What the stores promise on SQLite, in which their suites run beside them, they promise on PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  type PostgresServer,
  missingPostgres,
  startPostgres,
} from '../src/storage/testing/postgres-server.ts'

const ROOT = join(import.meta.dir, '..')

/** The suites of stores: those that open their database by `openTestDatabase`. */
const SUITES = [
  'src/people/',
  'src/sessions/',
  'src/projects/',
  'src/domains/domain-store.test.ts',
  'src/exposure/usage.test.ts',
  'src/keys/',
  'src/drive/files/',
  'src/collections/',
  'src/base/sdk-suite.test.ts',
  'src/base/hostile.test.ts',
  'src/base/model.test.ts',
  'src/base/fuzz.test.ts',
  'src/storage/transaction.test.ts',
  'src/storage/key-check.test.ts',
  'src/api/handoff.test.ts',
  'src/api/domains.test.ts',
]

/** Some five hundred tests in one. */
const SUITES_WITHIN_MS = 600_000

if (missingPostgres) console.warn(`SKIPPED: the stores on PostgreSQL. ${missingPostgres}`)

describe.skipIf(missingPostgres !== null)('on PostgreSQL', () => {
  let server: PostgresServer
  beforeAll(async () => void (server = await startPostgres()))
  afterAll(() => server[Symbol.asyncDispose]())

  test('every suite is where it is looked for', () => {
    expect(SUITES.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })

  test(
    'every suite of the stores passes',
    async () => {
      const run = Bun.spawn([process.execPath, 'test', '--timeout', '60000', ...SUITES], {
        cwd: ROOT,
        env: { ...process.env, OWNSPACE_TEST_POSTGRES: server.url('postgres'), FORCE_COLOR: '0' },
        stdin: 'ignore',
        stdout: 'pipe',
        stderr: 'pipe',
      })
      const [errors, output] = await Promise.all(
        [run.stderr, run.stdout].map((stream) => new Response(stream).text()),
      )
      expect(await run.exited, `${output}${errors}`).toBe(0)
      expect(
        await server.query(`select count(*) > 1 as used from pg_database where datname like 'test%'`),
      ).toEqual([{ used: true }])
    },
    SUITES_WITHIN_MS,
  )
})
