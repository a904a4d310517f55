/** Data of an app or of a collection, stored over the data hosts as a script does. */
import { spaceJson } from './command.ts'
import type { TestSpace } from './space.ts'

export interface Seeded {
  readonly collectionId: string
  put(base: string, items: readonly object[]): Promise<void>
  upload(drive: string, name: string, content: string | Uint8Array, type?: string): Promise<void>
}

const PUT_ITEMS = 25
const CALLS_AT_ONCE = 16

/** Makes a data key for the collection, which is named by its name or that of its app. */
export async function openCollection(my: TestSpace, name: string): Promise<Seeded> {
  const args = ['data-keys', 'create', name, '--name', `seed-${crypto.randomUUID().slice(0, 8)}`]
  const { value } = await spaceJson<{ value: string }>(args, my.terminal)
  const collectionId = value.split('_')[0]!
  const send = async (host: string, path: string, init: RequestInit & { headers?: object }) => {
    const response = await my.server.request(`${host}.space.localhost`, `/v1/${collectionId}/${path}`, {
      ...init,
      headers: { 'X-API-Key': value, ...(init.headers as Record<string, string>) },
    })
    const text = await response.text()
    if (response.status >= 300) throw new Error(`${path}: ${response.status} ${text}`)
  }
  return {
    collectionId,
    async put(base, items) {
      const parts: (readonly object[])[] = []
      for (let at = 0; at < items.length; at += PUT_ITEMS) parts.push(items.slice(at, at + PUT_ITEMS))
      const work = async () => {
        for (let part = parts.pop(); part !== undefined; part = parts.pop())
          await send('database', `${base}/items`, { method: 'PUT', body: JSON.stringify({ items: part }) })
      }
      await Promise.all(Array.from({ length: CALLS_AT_ONCE }, work))
    },
    upload: (drive, name, content, type) =>
      send('drive', `${drive}/files?name=${encodeURIComponent(name)}`, {
        method: 'POST',
        body: content as BodyInit,
        headers: type === undefined ? {} : { 'Content-Type': type },
      }),
  }
}
