import type { Drive, ListOptions, PutFile } from '../index.d.ts'
import { ask, find, send, type Target } from './call.ts'
import { piecesOf } from './pieces.ts'

export function createDrive(target: Target): Drive {
  const list = ({ prefix, limit, last, recursive = true }: ListOptions = {}) => {
    const query = new URLSearchParams({ recursive: String(recursive) })
    for (const [name, value] of Object.entries({ prefix, limit, last }))
      if (value !== undefined) query.set(name, String(value))
    return ask<Awaited<ReturnType<Drive['list']>>>(target, 'GET', `/files?${query}`)
  }
  const deleteMany = (names: readonly string[]) =>
    ask<Awaited<ReturnType<Drive['deleteMany']>>>(target, 'DELETE', '/files', { json: { names } })
  return {
    put: (name, file) => putFile(target, name, file),
    get: async (name) => (await download(target, name))?.blob() ?? null,
    stream: async (name) => (await download(target, name))?.body ?? null,
    list,
    async *names(options) {
      let last = options?.last
      do {
        const page = await list({ ...options, last })
        yield* page.names
        last = page.paging?.last
      } while (last !== undefined)
    },
    async delete(name) {
      await deleteMany([name])
      return name
    },
    deleteMany,
  }
}

const nameQuery = (name: string): string => `name=${encodeURIComponent(name)}`

const download = (target: Target, name: string): Promise<Response | null> =>
  find(target, 'GET', `/files/download?${nameQuery(name)}`)

/** In one call if it is small. */
async function putFile(target: Target, name: string, file: PutFile): Promise<string> {
  const pieces = piecesOf(file)
  const first = (await pieces.next()).value ?? new Blob()
  const second = await pieces.next()
  const { contentType } = file
  if (second.done === true)
    await send(target, 'POST', `/files?${nameQuery(name)}`, { body: first, contentType })
  else await upload(target, { name, contentType, pieces: [first, second.value], rest: pieces })
  return name
}

interface Upload {
  readonly name: string
  readonly contentType: string | undefined
  readonly pieces: readonly Blob[]
  readonly rest: AsyncGenerator<Blob, void>
}

async function upload(target: Target, { name, contentType, pieces, rest }: Upload): Promise<void> {
  const query = nameQuery(name)
  const begun = await ask<{ upload_id: string }>(target, 'POST', `/uploads?${query}`, { contentType })
  const path = `/uploads/${encodeURIComponent(begun.upload_id)}`
  let part = 0
  const sendPart = (body: Blob) => send(target, 'POST', `${path}/parts?${query}&part=${++part}`, { body })
  try {
    for (const piece of pieces) await sendPart(piece)
    for await (const piece of rest) await sendPart(piece)
    await send(target, 'PATCH', `${path}?${query}`)
  } catch (error) {
    // The server deletes it later in any case.
    await send(target, 'DELETE', `${path}?${query}`).catch(() => {})
    throw error
  }
}
