import { join } from 'node:path'
import type { DataServer } from './data-server.ts'
import { runLoads } from './data-loads.ts'

export interface BaseServerOptions {
  readonly kind: 'ours' | 'bare'
  readonly folder: string
  readonly durable: string
  readonly documents: number
}

const PROGRAM = join(import.meta.dir, 'base-server.ts')

/** With its documents. */
export async function startBase(
  name: string,
  { kind, folder, durable, documents }: BaseServerOptions,
): Promise<DataServer> {
  const child = Bun.spawn([process.execPath, PROGRAM, kind, folder, durable], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const port = await firstLine(child.stdout)
  const server = serverOf(name, child, `http://127.0.0.1:${port}/v1/c0/items`, false)
  await runLoads(server, documents)
  return server
}

/** Its collection has a JSON field and an indexed number, and public rules. */
export async function startPocketBase(
  program: string,
  folder: string,
  documents: number,
): Promise<DataServer> {
  const run = (...more: string[]) =>
    Bun.spawn([program, ...more, '--dir', folder], { stdout: 'ignore', stderr: 'ignore' })
  await run('superuser', 'upsert', 'a@example.org', 'bench-password').exited
  const origin = `http://127.0.0.1:${18_000 + (process.pid % 1_000)}`
  const child = run('serve', '--http', origin.slice('http://'.length))
  while (!(await fetch(`${origin}/api/health`).catch(() => null))?.ok) await Bun.sleep(50)
  const api = async (method: string, path: string, body: unknown, token = '') => {
    const headers = { 'content-type': 'application/json', authorization: token }
    const response = await fetch(`${origin}/api/${path}`, { method, headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
    return (await response.json()) as { token: string }
  }
  const login = { identity: 'a@example.org', password: 'bench-password' }
  const { token } = await api('POST', 'collections/_superusers/auth-with-password', login)
  const open = { listRule: '', viewRule: '', createRule: '', updateRule: '', deleteRule: '' }
  const fields = [
    { name: 'data', type: 'json' },
    { name: 'n', type: 'number' },
  ]
  const indexes = ['create index d_n on d (n)']
  await api('POST', 'collections', { name: 'd', type: 'base', fields, indexes, ...open }, token)
  await api('PATCH', 'settings', { logs: { maxDays: 0 } }, token)
  const server = serverOf('PocketBase', child, `${origin}/api/collections/d/records`, true)
  await runLoads(server, documents)
  return server
}

const serverOf = (name: string, child: Bun.Subprocess, url: string, isPocketBase: boolean): DataServer => ({
  name,
  pid: child.pid,
  url,
  isPocketBase,
  async stop() {
    child.kill('SIGKILL')
    await child.exited
  },
})

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  for await (const bytes of stream) return new TextDecoder().decode(bytes).trim()
  throw new Error('the server has ended')
}
