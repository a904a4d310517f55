import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BodySpec } from '../contract/index.ts'
import { UNUSED_MAX_BYTES, tooLarge } from './parse-input.ts'
import type { ApiLimits } from './api-limits.ts'

export interface UploadedFile {
  readonly path: string
  readonly bytes: number
}

/**
 * The body of a request while it arrives. A signature covers the body, so its verification reads every chunk; and the body
 * may be larger than memory. So each chunk is stored first, and then passed on in `chunks`.
 */
export interface RequestBody extends AsyncDisposable {
  /** To be consumed once. Throws 413 as soon as the body exceeds the limit of the call. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** The stored body, after all chunks were consumed. */
  stored(): Uint8Array | UploadedFile
}

/** Bodies of kind `file` are written to `folder`; disposing deletes the file unless the handler has moved it. */
export async function openRequestBody(
  spec: BodySpec | undefined,
  stream: ReadableStream<Uint8Array> | null,
  { folder, limits }: { folder: string; limits: ApiLimits },
): Promise<RequestBody> {
  const source = bounded(stream, boundOf(spec, limits))
  return spec?.kind === 'file' ? fileBody(source, folder) : memoryBody(source)
}

function boundOf(spec: BodySpec | undefined, limits: ApiLimits): number {
  const { maxBytes } = spec ?? { maxBytes: UNUSED_MAX_BYTES }
  return typeof maxBytes === 'number' ? maxBytes : limits[maxBytes]
}

function memoryBody(source: AsyncIterable<Uint8Array>): RequestBody {
  const chunks: Uint8Array[] = []
  return {
    chunks: storing(source, async (chunk) => void chunks.push(chunk)),
    stored: () => Buffer.concat(chunks),
    [Symbol.asyncDispose]: async () => {},
  }
}

async function fileBody(source: AsyncIterable<Uint8Array>, folder: string): Promise<RequestBody> {
  const path = join(folder, `incoming-${randomUUID()}`)
  const target = await open(path, 'wx', 0o600)
  let total = 0
  return {
    chunks: storing(source, async (chunk) => {
      total += chunk.length
      await target.writeFile(chunk)
    }),
    stored: () => ({ path, bytes: total }),
    [Symbol.asyncDispose]: async () => {
      await target.close()
      await rm(path, { force: true })
    },
  }
}

async function* storing(
  source: AsyncIterable<Uint8Array>,
  store: (chunk: Uint8Array) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    await store(chunk)
    yield chunk
  }
}

async function* bounded(
  stream: ReadableStream<Uint8Array> | null,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  let total = 0
  for await (const chunk of stream ?? []) {
    total += chunk.length
    if (total > maxBytes) throw tooLarge(maxBytes)
    yield chunk
  }
}

export async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}
