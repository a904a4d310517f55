/** A server with an owner and a terminal that is signed in: where most stories begin. */
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type CommandOptions, type CommandResult, space, spaceJson } from './command.ts'
import { type TestServer, type TestServerOptions, startTestServer } from './server.ts'

export interface Pushed {
  readonly app: { readonly id: string; readonly name: string }
  readonly revision: string
  readonly url: string
  readonly instance_id: string
}

export interface TestSpace extends AsyncDisposable {
  readonly server: TestServer
  readonly folder: string
  readonly terminal: CommandOptions
  /** Copies an app, below the repository's root, into the test's folder. */
  copyApp(path: string): Promise<string>
  push(app: string, args?: readonly string[]): Promise<Pushed>
  run(args: readonly string[], options?: Partial<CommandOptions>): Promise<CommandResult>
}

export async function startTestSpace(options: TestServerOptions = {}): Promise<TestSpace> {
  const server = await startTestServer(options)
  const folder = await mkdtemp(join(tmpdir(), 'ownspace-space-'))
  const env: Record<string, string> = options.tls ? { NODE_EXTRA_CA_CERTS: options.tls.certFile } : {}
  const terminal: CommandOptions = { cwd: folder, home: folder, env }
  const self: TestSpace = {
    server,
    folder,
    terminal,
    async copyApp(path) {
      const target = join(folder, basename(path))
      const source = join(import.meta.dir, '../..', path)
      await cp(source, target, {
        recursive: true,
        filter: (from) => !/\/(node_modules|\.space)(\/|$)/.test(from),
      })
      return target
    },
    push: (app, args = []) => spaceJson<Pushed>(['push', '--yes', ...args], { ...terminal, cwd: app }),
    run: (args, more = {}) => space(args, { ...terminal, ...more }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
  const { username, password } = server.owner
  const setup = [
    'setup',
    '--server',
    server.home,
    '--code',
    server.setupCode,
    '--username',
    username,
    '--password-stdin',
  ]
  try {
    await spaceJson(setup, { ...terminal, stdin: password })
  } catch (error) {
    await self[Symbol.asyncDispose]()
    throw error
  }
  return self
}

/** Status and body of a request whose target and headers are sent exactly as written. */
export async function rawRequest(
  port: number,
  lines: readonly string[],
): Promise<{ status: number; text: string }> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let received = ''
  await Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      open: (socket) => void socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`),
      data: (_, chunk) => void (received += chunk.toString('latin1')),
      close: () => resolve(received),
    },
  })
  const text = await promise
  return { status: Number(text.split(' ')[1]), text }
}
