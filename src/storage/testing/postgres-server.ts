/** Debian's PostgreSQL, as an unprivileged user, on a free port of loopback and in a temporary folder. */
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SQL } from 'bun'
import { until } from '../../kernel/testing/until.ts'

const PROGRAMS = '/usr/lib/postgresql'
const USER = 'postgres'

/** Why there is no PostgreSQL on this machine, or null. */
export const missingPostgres = newestPrograms()
  ? null
  : 'PostgreSQL is not installed; run scripts/install-debian.sh'

export interface PostgresServer extends AsyncDisposable {
  readonly port: number
  readonly password: string
  /** Of a database on this server, with the password. */
  url(database: string): string
  /** As its administrator. */
  query(text: string, database?: string): Promise<Record<string, unknown>[]>
  /** Open connections are cut. */
  stop(): Promise<void>
  start(): Promise<void>
}

function newestPrograms(): string | null {
  if (!existsSync(PROGRAMS)) return null
  const [newest] = readdirSync(PROGRAMS)
    .map(Number)
    .sort((a, b) => b - a)
  const bin = join(PROGRAMS, String(newest), 'bin')
  return existsSync(join(bin, 'initdb')) ? bin : null
}

/** Makes and starts one; nothing of it is made to last. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = newestPrograms()!
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-postgres-'))
  const password = crypto.randomUUID()
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password)
  const asUser = await unprivileged([folder, passwordFile])
  const data = join(folder, 'data')
  await run([
    ...asUser,
    join(bin, 'initdb'),
    '-D',
    data,
    '-U',
    USER,
    '-E',
    'UTF8',
    '--no-sync',
    ...AUTH(passwordFile),
  ])

  const port = await freePort()
  const url = (database: string) => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`
  const query = async (text: string, database = 'postgres') => {
    await using client = new SQL({ url: url(database), max: 1 })
    return [...(await client.unsafe(text))] as Record<string, unknown>[]
  }
  let child: Bun.Subprocess | null = null
  const start = async () => {
    const options = [
      'fsync=off',
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      `unix_socket_directories=${folder}`,
    ]
    child = Bun.spawn(
      [...asUser, join(bin, 'postgres'), '-D', data, ...options.flatMap((option) => ['-c', option])],
      {
        stdio: ['ignore', 'ignore', Bun.file(join(folder, 'log'))],
        cwd: folder,
      },
    )
    await until('PostgreSQL answers', () =>
      query('select 1').then(
        () => true,
        () => false,
      ),
    )
  }
  const stop = async () => {
    child?.kill('SIGINT')
    await child?.exited
  }
  await start()
  return {
    port,
    password,
    url,
    query,
    start,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const AUTH = (passwordFile: string) => ['-A', 'scram-sha-256', '--pwfile', passwordFile]

/** PostgreSQL refuses to run as root. */
async function unprivileged(paths: readonly string[]): Promise<string[]> {
  if (process.getuid?.() !== 0) return []
  const ids = await Promise.all(['-u', '-g'].map((flag) => run(['id', flag, USER])))
  const [uid, gid] = ids.map((text) => Number(text.trim()))
  for (const path of paths) chownSync(path, uid!, gid!)
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups']
}

async function run(command: string[]): Promise<string> {
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe', cwd: tmpdir() })
  const [output, errors] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
  )
  if ((await child.exited) !== 0) throw new Error(`${command.join(' ')} failed: ${errors}`)
  return output!
}

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number }
    server.close(() => resolve(port))
  })
  return promise
}
