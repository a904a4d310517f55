/** A data API in memory, as far as the tests of the SDK ask it (COMPAT 5.2, 5.3). The real one is the module `data`. */
import type { CertificateFiles } from '../../../tls/index.ts'

type Item = Record<string, unknown> & { key: string }

export interface DataStub extends Disposable {
  /** `localhost:<port>` */
  readonly host: string
  /** `GET /v1/…`, as received. */
  readonly requests: string[]
}

export function openDataStub({ certFile, keyFile }: CertificateFiles): DataStub {
  const items = new Map<string, Item>()
  const files = new Map<string, { bytes: Buffer; type: string | null }>()
  const uploads = new Map<string, { parts: Map<number, Buffer>; type: string | null }>()
  const requests: string[] = []
  let made = 0
  const server = Bun.serve({
    port: 0,
    hostname: 'localhost',
    tls: { cert: Bun.file(certFile), key: Bun.file(keyFile) },
    maxRequestBodySize: 64_000_000,
    fetch: async (request) => {
      const url = new URL(request.url)
      const target = request.url.slice(url.origin.length)
      requests.push(`${request.method} ${target}`)
      if (request.headers.get('X-API-Key') !== 'col_secret') return errors(401, 'Unauthorized')
      const [, project, , rest] = /^\/v1\/([^/]+)\/([^/]+)(\/[^?]*)/.exec(target) ?? []
      if (project !== 'col') return errors(401, 'Unauthorized')
      const body = Buffer.from(await request.arrayBuffer())
      return rest!.startsWith('/items') || rest === '/query'
        ? base(request.method, rest!, body)
        : drive(request, rest!, url.searchParams, body)
    },
  })
  const base = (method: string, path: string, body: Buffer): Response => {
    const json = body.length > 0 ? JSON.parse(body.toString()) : {}
    const key = decodeURIComponent(path.slice('/items/'.length))
    const found = items.get(key)
    const store = (item: Item) => {
      const whole = { ...item, key: item.key ?? `generated${++made}` }
      items.set(whole.key, whole)
      return whole
    }
    switch (`${method} ${path === '/items' || path === '/query' ? path : '/items/key'}`) {
      case 'PUT /items':
        return Response.json({ processed: { items: json.items.map(store) } }, { status: 207 })
      case 'POST /items':
        if (items.has(json.item.key)) return errors(409, 'Key already exists')
        return Response.json(store(json.item), { status: 201 })
      case 'GET /items/key':
        return found ? Response.json(found) : Response.json({ key }, { status: 404 })
      case 'DELETE /items/key':
        items.delete(key)
        return Response.json({ key })
      case 'PATCH /items/key':
        if (!found) return errors(404, 'Key not found')
        for (const [name, by] of Object.entries(json.increment))
          found[name] = Number(found[name]) + Number(by)
        for (const [name, list] of Object.entries(json.append))
          found[name] = [...listOf(found[name]), ...listOf(list)]
        for (const [name, list] of Object.entries(json.prepend))
          found[name] = [...listOf(list), ...listOf(found[name])]
        for (const name of json.delete) delete found[name]
        Object.assign(found, json.set)
        return Response.json({ key, ...json })
      default:
        return query(json)
    }
  }
  const query = (json: { query?: Item[]; limit: number; last: string | null; sort: string }): Response => {
    const matches = [...items.values()]
      .filter((item) => !json.query || json.query.some((one) => isPartOf(one, item)))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1) * (json.sort === 'desc' ? -1 : 1))
    const start = json.last === null ? 0 : matches.findIndex(({ key }) => key === json.last) + 1
    const page = matches.slice(start, start + json.limit)
    const last = start + page.length < matches.length ? { last: page.at(-1)!.key } : {}
    return Response.json({ paging: { size: page.length, ...last }, items: page })
  }
  const drive = (request: Request, path: string, search: URLSearchParams, body: Buffer): Response => {
    const name = search.get('name') ?? ''
    const answer = { name, project_id: 'col', drive_name: 'files' }
    const [, , id = '', isPart] = path.split('/')
    const type = request.headers.get('Content-Type')
    if (path === '/uploads') {
      uploads.set(`u${++made}`, { parts: new Map(), type })
      return Response.json({ ...answer, upload_id: `u${made}` }, { status: 202 })
    }
    const upload = uploads.get(id)
    if (upload && isPart) {
      upload.parts.set(Number(search.get('part')), body)
      return Response.json({ ...answer, part: search.get('part') })
    }
    if (upload && request.method === 'PATCH') {
      const parts = [...upload.parts].toSorted(([a], [b]) => a - b).map(([, part]) => part)
      files.set(name, { bytes: Buffer.concat(parts), type: upload.type })
      return Response.json(answer)
    }
    if (upload && request.method === 'DELETE') {
      uploads.delete(id)
      return Response.json(answer)
    }
    if (path === '/files/download') {
      const file = files.get(name)
      return file ? new Response(new Uint8Array(file.bytes)) : errors(404, 'File not found')
    }
    if (request.method === 'DELETE') return deleteFiles(JSON.parse(body.toString()).names)
    const names = [...files.keys()].filter((each) => each.startsWith(search.get('prefix') ?? '')).toSorted()
    return Response.json({ names })
  }
  const deleteFiles = (names: string[]): Response => {
    const failed = Object.fromEntries(
      names.filter((name) => !name.trim()).map((name) => [name, 'invalid name']),
    )
    names.forEach((name) => files.delete(name))
    return Response.json({ deleted: names.filter((name) => name.trim()), failed })
  }
  return { host: `localhost:${server.port}`, requests, [Symbol.dispose]: () => void server.stop(true) }
}

const errors = (status: number, text: string): Response => Response.json({ errors: [text] }, { status })
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const isPartOf = (part: Record<string, unknown>, whole: Record<string, unknown>): boolean =>
  Object.entries(part).every(([name, value]) => Bun.deepEquals(whole[name], value))
