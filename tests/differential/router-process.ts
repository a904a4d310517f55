import { connect } from 'node:net'
import { join } from 'node:path'

/** What a router did with a request. */
export type Answer =
  /** `handler`: the route that was registered, or the file that was served. */
  | { readonly kind: 'handled'; readonly handler: string }
  /** Not found, redirected, refused: no handler ran. */
  | { readonly kind: 'nothing'; readonly status: number }

export interface Router extends AsyncDisposable {
  readonly name: string
  /** Whether it serves files: then a handler is a file and answers under all names that file servers give it. */
  readonly isStatic: boolean
  ask(target: string): Promise<Answer>
}

export interface RouterSpec {
  readonly name: string
  readonly isStatic?: boolean
  readonly language: 'node' | 'python'
  /** Program below `routers/`, and its arguments. */
  readonly program: readonly string[]
}

export const ROUTERS: readonly RouterSpec[] = [
  { name: 'Express 5', language: 'node', program: ['express.mjs', 'express'] },
  { name: 'Express 4', language: 'node', program: ['express.mjs', 'express4'] },
  { name: 'Fastify', language: 'node', program: ['fastify.mjs'] },
  { name: 'Hono', language: 'node', program: ['hono.mjs'] },
  { name: 'Koa', language: 'node', program: ['koa.mjs'] },
  { name: 'node:http by hand', language: 'node', program: ['node-http.mjs'] },
  { name: 'serve-static', language: 'node', program: ['static.mjs', 'serve-static'], isStatic: true },
  { name: 'sirv', language: 'node', program: ['static.mjs', 'sirv'], isStatic: true },
  { name: 'files by hand', language: 'node', program: ['static.mjs', 'by-hand'], isStatic: true },
  { name: 'Flask', language: 'python', program: ['flask_app.py'] },
  { name: 'Starlette', language: 'python', program: ['starlette_app.py'] },
  { name: 'http.server', language: 'python', program: ['static_app.py'], isStatic: true },
]

export interface Served {
  readonly routes: readonly string[]
  /** Everything below these. */
  readonly prefixes: readonly string[]
  /** Files that hold their own path. */
  readonly folder: string
}

/** Starts a router and waits for its port. */
export async function startRouter(
  spec: RouterSpec,
  runtime: readonly string[],
  served: Served,
): Promise<Router> {
  const [program = '', ...args] = spec.program
  const command = [...runtime, join(import.meta.dir, 'routers', program), JSON.stringify(served), ...args]
  const child = Bun.spawn(command, {
    cwd: import.meta.dir,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'ignore',
  })
  const port = await firstNumber(child.stdout)
  const handlers = [...served.routes, ...served.prefixes.map((prefix) => `${prefix}/`)]
  return {
    name: spec.name,
    isStatic: spec.isStatic === true,
    async ask(target) {
      const { status, headers, body } = await request(port, target)
      if (spec.isStatic)
        return status === 200 ? { kind: 'handled', handler: body } : { kind: 'nothing', status }
      const number = /^x-handler: (\d+)\r?$/im.exec(headers)?.[1]
      if (number === undefined) return { kind: 'nothing', status }
      return { kind: 'handled', handler: handlers[Number(number)] ?? '?' }
    },
    async [Symbol.asyncDispose]() {
      child.kill()
      await child.exited
    },
  }
}

async function firstNumber(stream: ReadableStream<Uint8Array>): Promise<number> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of stream) {
    text += decoder.decode(chunk)
    if (text.includes('\n')) return Number(text)
  }
  throw new Error(`the router ended before it said its port: ${text}`)
}

/** Sends the target byte for byte, because an HTTP client would normalise it. */
function request(port: number, target: string): Promise<{ status: number; headers: string; body: string }> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(`GET ${target} HTTP/1.1\r\nHost: app.test\r\nConnection: close\r\n\r\n`, 'latin1'),
    )
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => void (text += chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      const [headers = '', body = ''] = splitOnce(text, '\r\n\r\n')
      resolve({ status: Number(headers.split(' ')[1]), headers, body })
    })
  })
}

function splitOnce(text: string, by: string): [string, string] {
  const at = text.indexOf(by)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + by.length)]
}
