import { connect, createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { GatewayUnderTest, Upstreams } from '../check-case.ts'

export interface StartedGateway extends GatewayUnderTest, AsyncDisposable {}

/** A gateway of the comparison: configured with the policy of `attack-case.ts` as its manual says. */
export interface GatewaySpec {
  readonly name: string
  /** Null when it is not installed here. */
  start(upstreams: Upstreams): Promise<StartedGateway | null>
}

export const SESSION = 'goodsession0123456789'
export const KEY = 'key1_secret'

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Starts a server and resolves when its port takes connections; `folder`: its home, for what it keeps there. */
export async function spawnServer(
  command: string[],
  port: number,
  folder?: string,
): Promise<AsyncDisposable> {
  const env =
    folder === undefined
      ? process.env
      : { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'pipe', env })
  const ended = child.exited.then(async (code) => {
    throw new Error(`${command[0]} ended with ${code}: ${await new Response(child.stderr).text()}`)
  })
  await Promise.race([ended, untilListening(port)])
  ended.catch(() => {})
  return {
    async [Symbol.asyncDispose]() {
      child.kill()
      await child.exited
    },
  }
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true))
      socket.on('error', () => resolve(false))
      socket.on('connect', () => socket.destroy())
    })
    if (isOpen) return
    await nextTurn()
  }
}
