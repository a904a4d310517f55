import { closeSync, mkdirSync, mkdtempSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { LocalBody, LocalResponse } from '../../respond/local-response.ts'
import { createFileCache, type FileCache } from '../file-cache.ts'
import { serveStatic } from '../serve-static.ts'

export interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly query?: string
  readonly spaFallback?: boolean
  readonly browserPath?: string
}

export interface Answer {
  readonly status: number
  readonly text: string
  readonly bytes: Uint8Array
  readonly headers: LocalResponse['headers']
  header(name: string): string | null
}

/** A folder with files, a secret outside of it, and a function that requests files. For tests. */
export interface TestSite extends Disposable {
  readonly root: string
  /** Parent of the root; files in it must never be read. */
  readonly outside: string
  readonly cache: FileCache
  /** Also advances the clock until the cache checks its files again. */
  write(path: string, content: string | Uint8Array): void
  /** Advances the clock of the cache. */
  wait(ms: number): void
  ask(path: string, asked?: Asked): Answer
}

export const SECRET = 'what lies outside'

export function createTestSite(files: Readonly<Record<string, string>> = {}): TestSite {
  const outside = mkdtempSync(join(tmpdir(), 'ownspace-static-'))
  const root = join(outside, 'root')
  let nowMs = 0
  const cache = createFileCache({ now: () => nowMs })
  mkdirSync(root)
  writeFileSync(join(outside, 'secret.txt'), SECRET)
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
    nowMs += 1000
  }
  for (const [path, content] of Object.entries(files)) write(path, content)
  return {
    root,
    outside,
    cache,
    write,
    wait: (ms) => void (nowMs += ms),
    ask(path, { method = 'GET', headers = {}, query = '', spaFallback = false, browserPath = path } = {}) {
      const header = (name: string) => headers[name] ?? null
      return read(serveStatic({ method, path, query, header }, { root, spaFallback, browserPath, cache }))
    },
    [Symbol.dispose]: () => rmSync(outside, { recursive: true, force: true }),
  }
}

/** Reads an answer to its end and closes its file, as the gateway does. */
function read({ status, headers, body }: LocalResponse): Answer {
  const bytes = Buffer.concat(readBody(body))
  return {
    status,
    bytes,
    headers,
    text: bytes.toString(),
    header: (name) => headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1] ?? null,
  }
}

function readBody(body: LocalBody): readonly Uint8Array[] {
  if (body.kind !== 'file') return body.kind === 'bytes' ? [body.bytes] : []
  try {
    return body.parts.map((part) =>
      part.kind === 'bytes' ? part.bytes : slice(body.fd, part.start, part.length),
    )
  } finally {
    closeSync(body.fd)
  }
}

function slice(fd: number, start: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(fd, bytes, 0, length, start))
}
