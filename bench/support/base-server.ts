/**
 * A server of documents for `bench/data.ts`, on a free port that it prints: `ours`, or the `bare` one, which does no more
 * than Bun.serve and bun:sqlite must. Arguments: kind, folder, `durable` or not.
 */
import { Database } from 'bun:sqlite'
import { join } from 'node:path'
import { silentLogger } from '../../src/kernel/log.ts'
import { BaseService, DEFAULT_BASE_LIMITS, SqliteStore } from '../../src/base/index.ts'

const [kind = '', folder = '', durable = ''] = process.argv.slice(2)

const JSON_ANSWER = { headers: { 'content-type': 'application/json' } }

const server = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  idleTimeout: 0,
  fetch: kind === 'ours' ? serveOurs(folder) : serveBare(join(folder, 'bare.db'), durable === 'durable'),
})
console.log(server.port)

function serveOurs(path: string): (request: Request) => Response | Promise<Response> {
  const store = new SqliteStore({ folder: path, log: silentLogger })
  const service = new BaseService({ store, limits: DEFAULT_BASE_LIMITS, log: silentLogger })
  return (request) => {
    const rest = request.url.slice(request.url.indexOf('/v1/c0/items') + '/v1/c0/items'.length)
    return service.handle({
      request,
      collectionId: 'c0',
      name: 'items',
      path: rest,
      query: '',
      mayWrite: true,
    })
  }
}

/** Writes of one turn of the event loop share a transaction. */
function serveBare(path: string, isDurable: boolean): (request: Request) => Promise<Response> {
  const database = new Database(path, { create: true })
  database.run('pragma journal_mode = wal')
  database.run(`pragma synchronous = ${isDurable ? 'full' : 'normal'}`)
  database.run('pragma cache_size = -64000')
  database.run('create table if not exists d (key text primary key, value blob) without rowid')
  database.run(`create index if not exists d_n on d (value ->> '$.n')`)
  const put = database.prepare(
    'insert into d values (?, jsonb(?)) on conflict (key) do update set value = excluded.value',
  )
  const get = database.prepare<[string], [string]>('select json(value) from d where key = ?')
  const list = database.prepare<[string], [number]>(
    `select json(value) from d where value ->> '$.n' = ? order by key limit 25`,
  )
  let waiting: { readonly key: string; readonly text: string; readonly done: () => void }[] = []
  const flush = () => {
    const batch = waiting
    waiting = []
    database.run('begin immediate')
    for (const { key, text } of batch) put.run(key, text)
    database.run('commit')
    for (const { done } of batch) done()
  }
  return async (request) => {
    if (request.method === 'PUT') {
      const { items } = (await request.json()) as { items: { key: string }[] }
      const text = JSON.stringify(items[0])
      await new Promise<void>((done) => {
        if (waiting.push({ key: items[0]!.key, text, done }) === 1) setImmediate(flush)
      })
      return new Response(`{"processed":{"items":[${text}]}}`, JSON_ANSWER)
    }
    if (request.method === 'GET')
      return new Response(
        get.values(request.url.slice(request.url.lastIndexOf('/') + 1))[0]![0] as string,
        JSON_ANSWER,
      )
    const { query } = (await request.json()) as { query: [{ n: number }] }
    const items = list.values(query[0].n).map(([text]) => text)
    return new Response(`{"items":[${items.join()}]}`, JSON_ANSWER)
  }
}
