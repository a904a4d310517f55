/** Base and Drive in memory, as far as the tests of the doors need them. */
import { type DataCall, type DataService, dataError, readOnly } from '../../data-protocol/index.ts'

export interface SeenCall extends Pick<DataCall, 'collectionId' | 'name' | 'path' | 'query' | 'mayWrite'> {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
}

export interface MemoryService extends DataService {
  readonly seen: SeenCall[]
  /** Messages of calls that failed. */
  readonly failures: string[]
  /** What was stored, by `<collection>/<name>/<key or file>`. */
  readonly stored: Map<string, unknown>
  /** What ends downloads of the file named `endless`. */
  readonly downloads: { open: number }
}

type Answer = Response | Promise<Response>

export function createMemoryService(kind: 'base' | 'drive'): MemoryService {
  const stored = new Map<string, unknown>()
  const seen: SeenCall[] = []
  const failures: string[] = []
  const downloads = { open: 0 }
  const route = kind === 'base' ? routeBase : routeDrive
  return {
    seen,
    failures,
    stored,
    downloads,
    async handle(call) {
      const { request, collectionId, name, path, query, mayWrite } = call
      const headers = Object.fromEntries(request.headers)
      seen.push({ method: request.method, collectionId, name, path, query, mayWrite, headers })
      try {
        return await route(call, stored, downloads)
      } catch (error) {
        failures.push((error as Error).message)
        return dataError(500, (error as Error).message)
      }
    },
    names: async (id) => [...new Set(keysOf(stored, id).map((key) => key.split('/')[1]!))].sort(),
    size: async (id) => keysOf(stored, id).length,
    copyTo: async (id, folder) => {
      await Bun.write(`${folder}/${kind}.json`, JSON.stringify(keysOf(stored, id)))
    },
    async close(id) {
      for (const key of keysOf(stored, id)) stored.delete(key)
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

const keysOf = (stored: ReadonlyMap<string, unknown>, id: string) =>
  [...stored.keys()].filter((key) => key.startsWith(`${id}/`))

function routeBase(call: DataCall, stored: Map<string, unknown>): Answer {
  const at = (key: string) => `${call.collectionId}/${call.name}/${key}`
  const key = decodeURIComponent(call.path.slice('/items/'.length))
  switch (`${call.request.method} ${call.path.split('/')[1]}`) {
    case 'PUT items':
      return call.mayWrite ? putItems(call, (item) => stored.set(at(String(item['key'])), item)) : readOnly()
    case 'GET items':
      return Response.json(stored.get(at(key)) ?? { key }, { status: stored.has(at(key)) ? 200 : 404 })
    case 'DELETE items':
      stored.delete(at(key))
      return Response.json({ key })
    case 'POST query':
      return Response.json({ paging: { size: stored.size }, items: [...stored.values()] })
    default:
      return dataError(404, 'Not found')
  }
}

async function putItems(
  { request }: DataCall,
  store: (item: Record<string, unknown>) => void,
): Promise<Response> {
  const { items } = (await request.json()) as { items: Record<string, unknown>[] }
  const named = items.map((item) => ({ key: crypto.randomUUID(), ...item }))
  for (const item of named) store(item)
  return Response.json({ processed: { items: named } }, { status: 207 })
}

function routeDrive(call: DataCall, stored: Map<string, unknown>, downloads: { open: number }): Answer {
  const query = new URLSearchParams(call.query)
  const file = query.get('name') ?? ''
  const at = `${call.collectionId}/${call.name}/${file}`
  const names = { name: file, project_id: call.collectionId, drive_name: call.name, upload_id: 'u1' }
  switch (`${call.request.method} ${call.path}`) {
    case 'POST /files':
      return call.mayWrite ? upload(call, (bytes) => stored.set(at, bytes), names) : readOnly()
    case 'POST /uploads':
      return Response.json(names, { status: 202 })
    case 'POST /uploads/u1/parts':
      return upload(call, (bytes) => stored.set(at, bytes), { ...names, part: 1 })
    case 'PATCH /uploads/u1':
      return Response.json(names)
    case 'GET /files/download':
      return file === 'endless' ? endless(downloads) : download(call.request, stored.get(at))
    default:
      return dataError(404, 'Not found')
  }
}

async function upload({ request }: DataCall, store: (bytes: Uint8Array) => void, answer: object) {
  const pieces: Uint8Array[] = []
  for await (const piece of request.body ?? []) pieces.push(piece)
  store(Buffer.concat(pieces))
  return Response.json(answer, { status: 201 })
}

function download(request: Request, bytes: unknown): Response {
  if (!(bytes instanceof Uint8Array)) return dataError(404, 'File not found')
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get('range') ?? '') ?? []
  const part = from === undefined ? bytes : bytes.slice(Number(from), Number(to) + 1)
  const headers = {
    'Content-Type': 'text/html',
    'Content-Length': String(part.length),
    'Accept-Ranges': 'bytes',
    ...(from === undefined ? {} : { 'Content-Range': `bytes ${from}-${to}/${bytes.length}` }),
  }
  return new Response(new Blob([part as Uint8Array<ArrayBuffer>]).stream(), {
    status: from === undefined ? 200 : 206,
    headers,
  })
}

/** Sends a piece whenever the reader wants one. */
function endless(downloads: { open: number }): Response {
  downloads.open++
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise((done) => setTimeout(done, 5))
      controller.enqueue(new Uint8Array(1_000))
    },
    cancel: () => void downloads.open--,
  })
  return new Response(stream, { headers: { 'Content-Type': 'application/octet-stream' } })
}
