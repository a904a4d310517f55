/** A real S3 server: versitygw, built once from the Go module proxy into dist/test-tools/, on a free port of loopback. */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { S3Options } from 'bun'
import { until } from '../../kernel/testing/until.ts'

const TOOLS = join(import.meta.dir, '../../../dist/test-tools')
const PROGRAM = join(TOOLS, 'versitygw')
const SOURCE = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0'
const GO = Bun.which('go') ?? (existsSync('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : null)

/** Why there is no S3 server on this machine, or null. */
export const missingS3 =
  existsSync(PROGRAM) || GO !== null ? null : 'versitygw is built with Go, which is not installed'

/** For the hook that starts the first server: building takes minutes on a busy machine. */
export const BUILD_WITHIN_MS = 600_000

const BUCKET = 'drives'

export interface S3Server extends AsyncDisposable {
  readonly store: S3Options
  /** Requests fail from now on. */
  stop(): Promise<void>
}

export async function startS3(): Promise<S3Server> {
  await build()
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-s3-'))
  mkdirSync(join(folder, BUCKET))
  const port = await freePort()
  const [accessKeyId, secretAccessKey] = ['test', crypto.randomUUID()]
  const child = Bun.spawn([PROGRAM, '--port', `127.0.0.1:${port}`, 'posix', folder], {
    env: {
      ROOT_ACCESS_KEY: accessKeyId,
      ROOT_SECRET_KEY: secretAccessKey,
      VGW_KEEP_ALIVE: 'true',
      VGW_QUIET: 'true',
    },
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  await until('the S3 server answers', () =>
    fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    ),
  )
  const stop = async () => {
    child.kill()
    await child.exited
  }
  return {
    store: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: BUCKET,
      region: 'us-east-1',
      accessKeyId,
      secretAccessKey,
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function build(): Promise<void> {
  if (existsSync(PROGRAM)) return
  mkdirSync(TOOLS, { recursive: true })
  const draft = mkdtempSync(join(TOOLS, 'build-'))
  const env = { ...process.env, CGO_ENABLED: '0', GOBIN: draft }
  const run = Bun.spawn([GO!, 'install', SOURCE], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const errors = await new Response(run.stderr).text()
  if ((await run.exited) !== 0) throw new Error(`versitygw could not be built: ${errors}`)
  renameSync(join(draft, 'versitygw'), PROGRAM)
  rmSync(draft, { recursive: true })
}

function freePort(): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as { port: number }
    server.close(() => resolve(port))
  })
  return promise
}
