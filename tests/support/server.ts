/** A real Ownspace for a test: `space serve` as its own processes on a free port, in a temporary folder. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CertificateFiles } from '../../src/tls/index.ts'

const ROOT = join(import.meta.dir, '../..')
const SETUP_CODE = 'TEST-CODE'

export interface TestServer extends AsyncDisposable {
  readonly port: number
  readonly home: string
  readonly dataDir: string
  readonly setupCode: string
  readonly owner: { readonly username: string; readonly password: string }
  /** What the server has printed so far. */
  output(): string
  /** A request to any host of this server; the name never has to resolve. */
  request(host: string, path: string, init?: RequestInit): Promise<Response>
  stop(): Promise<number>
  /** Replaces the gateways, as a service manager's reload does. */
  reload(): void
}

export interface TestServerOptions {
  readonly dataDir?: string
  readonly port?: number
  readonly args?: readonly string[]
  /** The port speaks https with this certificate, and Home is on space.localhost. */
  readonly tls?: CertificateFiles
}

/** Starts the server and resolves when it says that it runs; rejects with its output when it ends before that. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  for (let attempt = 1; ; attempt++)
    try {
      return await startOnce(options)
    } catch (error) {
      // Another process may take a free port before the server does.
      const isUnlucky = options.port === undefined && /Port \d+ is taken/.test((error as Error).message)
      if (!isUnlucky || attempt === PORT_ATTEMPTS) throw error
    }
}

const PORT_ATTEMPTS = 3

async function startOnce(options: TestServerOptions): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'ownspace-test-')))
  const port = options.port ?? (await freePort())
  const scheme = options.tls ? 'https' : 'http'
  const child = Bun.spawn(
    [
      process.execPath,
      join(ROOT, 'src/main.ts'),
      '--data',
      dataDir,
      '--port',
      String(port),
      ...(options.tls ? ['--tls-cert', options.tls.certFile, '--tls-key', options.tls.keyFile] : []),
      ...(options.args ?? []),
    ],
    {
      env: { ...serverEnvironment(), OWNSPACE_SETUP_CODE: SETUP_CODE, OWNSPACE_CHECK_ANSWERS: '1' },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    },
  )
  const printed = { text: '' }
  const running = Promise.withResolvers<void>()
  const read = [child.stdout, child.stderr].map((stream) =>
    readInto(stream, printed, () => printed.text.includes('is running') && running.resolve()),
  )
  void Promise.all([child.exited, ...read]).then(([code]) =>
    running.reject(new Error(`the server ended with ${code} before it ran:\n${printed.text}`)),
  )
  running.promise.catch(() => {})

  const stop = async () => {
    child.kill('SIGTERM')
    return await child.exited
  }
  const server: TestServer = {
    port,
    home: `${scheme}://localhost:${port}`,
    dataDir,
    setupCode: SETUP_CODE,
    owner: { username: 'ada', password: 'correct horse battery' },
    output: () => printed.text,
    request: (host, path, init = {}) =>
      fetch(`${scheme}://127.0.0.1:${port}${path}`, {
        redirect: 'manual',
        tls: { rejectUnauthorized: false },
        ...init,
        headers: { ...(init.headers as Record<string, string>), Host: host },
      }),
    stop,
    reload: () => child.kill('SIGHUP'),
    async [Symbol.asyncDispose]() {
      await stop()
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true })
    },
  }
  await running.promise
  return server
}

async function readInto(stream: ReadableStream<Uint8Array>, sink: { text: string }, onText: () => void) {
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    sink.text += decoder.decode(chunk, { stream: true })
    onText()
  }
}

/** The test runner's own settings must not reach the server under test. */
export function serverEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(OWNSPACE_|SPACE_|XDG_|CI$|NODE_ENV$)/.test(name),
  )
  return { ...(Object.fromEntries(kept) as Record<string, string>), NO_COLOR: '1' }
}

export function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const probe = createServer()
  probe.once('error', reject)
  probe.listen(0, '127.0.0.1', () => {
    const { port } = probe.address() as { port: number }
    probe.close(() => resolve(port))
  })
  return promise
}
