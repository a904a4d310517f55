/** Drives behind a real `Bun.serve`, as a client sees them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Drive, type DriveOptions, createDrive } from '../index.ts'

export interface TestDrive extends AsyncDisposable {
  readonly drive: Drive
  readonly dir: string
  readonly port: number
  /** Of a collection and a drive, without a final slash. */
  readonly root: string
  /** Below `root`. */
  fetch(path: string, init?: RequestInit): Promise<Response>
  put(name: string, body: BodyInit, headers?: Record<string, string>): Promise<Response>
  get(name: string, headers?: Record<string, string>): Promise<Response>
  names(query?: string): Promise<unknown>
  /** Uploads parts under their numbers, in the order of the list, and finishes. */
  upload(name: string, parts: readonly (readonly [number, BodyInit])[]): Promise<Response>
}

export type TestDriveOptions = Partial<DriveOptions> & {
  readonly collection?: string
  readonly mayWrite?: boolean
}

export const enc = encodeURIComponent

export function startTestDrive({
  collection = `c${crypto.randomUUID().replaceAll('-', '')}`,
  mayWrite = true,
  ...options
}: TestDriveOptions = {}): TestDrive {
  const dir = options.collectionsDir ?? mkdtempSync(join(tmpdir(), 'ownspace-drive-'))
  const drive = createDrive({ collectionsDir: dir, ...options })
  const server = serveDrive(drive, mayWrite)
  const root = `http://127.0.0.1:${server.port}/v1/${collection}/files`
  const send = (path: string, init?: RequestInit) => fetch(root + path, init)
  return {
    drive,
    dir,
    port: server.port!,
    root,
    fetch: send,
    put: (name, body, headers = {}) => send(`/files?name=${enc(name)}`, { method: 'POST', body, headers }),
    get: (name, headers = {}) => send(`/files/download?name=${enc(name)}`, { headers }),
    names: async (query = '') => (await send(`/files?${query}`)).json(),
    async upload(name, parts) {
      const begun = await send(`/uploads?name=${enc(name)}`, { method: 'POST' })
      const { upload_id: id } = (await begun.json()) as { upload_id: string }
      for (const [number, body] of parts)
        await send(`/uploads/${id}/parts?name=${enc(name)}&part=${number}`, { method: 'POST', body })
      return await send(`/uploads/${id}?name=${enc(name)}`, { method: 'PATCH' })
    },
    async [Symbol.asyncDispose]() {
      await server.stop(true)
      await drive[Symbol.asyncDispose]()
      if (!options.collectionsDir) rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A door without keys: /v1/<collection>/<drive>/… */
export function serveDrive(drive: Drive, mayWrite = true, tls?: Bun.TLSOptions) {
  return Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    ...(tls ? { tls } : {}),
    development: false,
    idleTimeout: 0,
    maxRequestBodySize: 2 ** 40,
    fetch(request) {
      const [, path = '', query = ''] = /^[^?]*?:\/\/[^/]*([^?]*)\??(.*)$/s.exec(request.url)!
      const [, , collectionId = '', name = '', ...rest] = path.split('/')
      return drive.handle({
        request,
        collectionId,
        name: decodeURIComponent(name),
        path: `/${rest.join('/')}`,
        query,
        mayWrite,
      })
    },
  })
}
