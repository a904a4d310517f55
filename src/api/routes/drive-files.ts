import { calls } from '../../contract/index.ts'
import { askCollection, callCollection } from '../collection-data.ts'
import { downloadHeaders } from '../download.ts'
import { endWithSession } from '../end-with-session.ts'
import { route } from '../route.ts'

interface Listed {
  readonly names: string[]
  readonly paging?: { readonly last?: string }
}

const onDrive = (name: string) => ({ service: 'drive', name }) as const

/** `?a=b`, percent-encoded as Drive decodes it. */
const search = (fields: Readonly<Record<string, string | number | boolean>>): string =>
  `?${Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')}`

/** Headers of a request that Drive answers by. */
const CONDITIONS = [
  'range',
  'if-range',
  'if-match',
  'if-none-match',
  'if-modified-since',
  'if-unmodified-since',
]

const picked = ({ headers }: Request, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (headers.has(name) ? [[name, headers.get(name)!]] : [])))

/** As a stream: with a file as body, `fetch` would send a type of its own choice. */
const contentOf = ({ path }: { readonly path: string }) => Bun.file(path).stream()

export const driveFileRoutes = [
  route(calls.listFiles, async (context, { collection, query: { drive, ...fields } }) => {
    const call = { ...onDrive(drive), method: 'GET', path: `/files${search(fields)}` }
    const { names, paging } = await askCollection<Listed>(context, collection, call)
    return { names, last: paging?.last ?? null }
  }),
  route(calls.readFile, async (context, { caller, collection, query: { drive, name }, request }) => {
    const found = await callCollection(context, collection, {
      ...onDrive(drive),
      // The router answers HEAD as well, without the body.
      method: request.method,
      path: `/files/download${search({ name })}`,
      headers: picked(request, CONDITIONS),
      signal: request.signal,
    })
    const body = found.body && endWithSession(context, caller, found.body)
    return new Response(body, { status: found.status, headers: downloadHeaders(name, found.headers) })
  }),
  route(calls.putFile, (context, { collection, query: { drive, name }, body, request }) =>
    askCollection<{ name: string }>(context, collection, {
      ...onDrive(drive),
      method: 'POST',
      path: `/files${search({ name })}`,
      headers: picked(request, ['content-type']),
      body: contentOf(body),
    }).then((stored) => ({ name: stored.name })),
  ),
  route(calls.startUpload, async (context, { collection, query: { drive, name, type } }) => {
    const { upload_id } = await askCollection<{ upload_id: string }>(context, collection, {
      ...onDrive(drive),
      method: 'POST',
      path: `/uploads${search({ name })}`,
      headers: type === '' ? {} : { 'content-type': type },
    })
    return { upload_id }
  }),
  route(calls.putPart, async (context, { collection, query: { drive, name, upload_id, part }, body }) => {
    const path = `/uploads/${upload_id}/parts${search({ name, part })}`
    const call = { ...onDrive(drive), method: 'POST', path, body: contentOf(body) }
    await callCollection(context, collection, call)
    return { part }
  }),
  route(calls.finishUpload, async (context, { collection, query: { drive, name, upload_id } }) => {
    const path = `/uploads/${upload_id}${search({ name })}`
    await callCollection(context, collection, { ...onDrive(drive), method: 'PATCH', path })
    return { name }
  }),
  route(calls.abortUpload, async (context, { collection, query: { drive, name, upload_id } }) => {
    const path = `/uploads/${upload_id}${search({ name })}`
    await callCollection(context, collection, { ...onDrive(drive), method: 'DELETE', path })
  }),
  route(calls.deleteFiles, async (context, { collection, query: { drive }, body }) => {
    const call = { ...onDrive(drive), method: 'DELETE', path: '/files', json: body }
    const { deleted } = await askCollection<{ deleted: string[] }>(context, collection, call)
    return { deleted }
  }),
]
