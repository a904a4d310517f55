import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuMicros } from './cpu-time.ts'
import type { DataServer } from './data-server.ts'

export type DataLoad = 'put' | 'get' | 'list'

export interface LoadOptions {
  readonly load: DataLoad
  readonly connections: number
  readonly seconds: number
  readonly documents: number
}

export interface LoadResult {
  readonly perSecond: number
  /** Of the server, for a request. */
  readonly cpuMicros: number
}

/** Documents that share a value of `n`, and one of `m`. */
const ALIKE = 25

export const idOf = (at: number): string => `k${String(at).padStart(14, '0')}`

const documentOf = (at: number, documents: number) => ({
  key: idOf(at),
  n: at % Math.ceil(documents / ALIKE),
  m: at % Math.ceil(documents / ALIKE),
  name: `user ${at}`,
  tags: ['one', 'two'],
  deep: { a: at, b: { c: true } },
  text: 'x'.repeat(800),
})

/** Puts all documents. */
export async function runLoads({ url, isPocketBase }: DataServer, documents: number): Promise<void> {
  const put = async (at: number) => {
    const document = documentOf(at, documents)
    const body = isPocketBase ? { id: document.key, n: document.n, data: document } : { items: [document] }
    const method = isPocketBase ? 'POST' : 'PUT'
    const path = isPocketBase ? url : `${url}/items`
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(path, { method, headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    await response.arrayBuffer()
  }
  let next = 0
  const work = async () => {
    while (next < documents) await put(next++)
  }
  await Promise.all(Array.from({ length: 48 }, work))
}

/** Requests of wrk, each to another document, with another content. */
export async function runLoad(server: DataServer, options: LoadOptions): Promise<LoadResult> {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-load-'))
  const script = join(folder, 'load.lua')
  writeFileSync(script, scriptOf(server, options))
  const before = cpuMicros(server.pid)
  const child = Bun.spawn(
    ['wrk', '-t1', `-c${options.connections}`, `-d${options.seconds}s`, '-s', script, server.url],
    { stdout: 'pipe', stderr: 'inherit' },
  )
  const report = await new Response(child.stdout).text()
  rmSync(folder, { recursive: true })
  const requests = Number(/(\d+) requests in/.exec(report)?.[1])
  if (!requests || /Non-2xx|Socket errors/.test(report)) throw new Error(`${server.name}:\n${report}`)
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1]),
    cpuMicros: (cpuMicros(server.pid) - before) / requests,
  }
}

function scriptOf({ url, isPocketBase }: DataServer, { load, documents }: LoadOptions): string {
  const path = new URL(url).pathname
  const values = Math.ceil(documents / ALIKE)
  const body = `local body = '{"key":"'..id..'","n":'..(at % ${values})..',"m":'..(at % ${values})..',"name":"user '..math.random(1000000000)..'","tags":["one","two"],"deep":{"a":'..math.random(1000000000)..',"b":{"c":true}},"text":"'..filler..'"}'`
  const requests: Record<DataLoad, string> = isPocketBase
    ? {
        put: `${body}; return wrk.format('PATCH', '${path}/'..id, headers, '{"n":'..(at % ${values})..',"data":'..body..'}')`,
        get: `return wrk.format('GET', '${path}/'..id)`,
        list: `return wrk.format('GET', '${path}?perPage=25&skipTotal=1&filter=n%3D'..(at % ${values}))`,
      }
    : {
        put: `${body}; return wrk.format('PUT', '${path}/items', headers, '{"items":['..body..']}')`,
        get: `return wrk.format('GET', '${path}/items/'..id)`,
        list: `return wrk.format('POST', '${path}/query', headers, '{"query":[{"n":'..(at % ${values})..'}],"limit":25}')`,
      }
  return `local filler = string.rep('y', 800)
local headers = { ['content-type'] = 'application/json' }
function request()
  local at = math.random(0, ${documents - 1})
  local id = string.format('k%014d', at)
  ${requests[load]}
end`
}
