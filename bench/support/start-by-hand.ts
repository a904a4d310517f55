/** What a developer does instead of a push: build in the folder, start the server, ask it once. */
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

export interface ByHand {
  readonly dir: string
  /** Shell text. */
  readonly build: string
  /** Shell text with `$PORT`; null: there is no server. */
  readonly start: string | null
}

/** Resolves when the server accepts connections, and ends it. */
export async function startByHand({ dir, build, start }: ByHand): Promise<void> {
  const port = await freePort()
  const env = { ...Bun.env, PORT: String(port) }
  const built = Bun.spawn(['sh', '-c', build], { cwd: dir, env, stdio: ['ignore', 'ignore', 'ignore'] })
  if ((await built.exited) !== 0) throw new Error(`by hand, this failed: ${build}`)
  if (start === null) return
  const server = Bun.spawn(['sh', '-c', `exec ${start}`], {
    cwd: dir,
    env,
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  try {
    while (!(await accepts(port))) {
      if (server.exitCode !== null) throw new Error(`by hand, this ended: ${start}`)
      await Bun.sleep(1)
    }
  } finally {
    server.kill()
    await server.exited
  }
}

export function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    }),
  )
}

export function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
