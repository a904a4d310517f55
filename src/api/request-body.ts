import { randomUUID } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { BodySpec } from '../contract/index.ts'
import { UNUSED_MAX_BYTES, tooLarge } from './parse-input.ts'
import type { PlatformLimits } from './platform-limits.ts'

export interface UploadedFile {
  readonly path: string
  readonly bytes: number
}

/**
 * A body on its way in. A signature covers the body, so whoever verifies it has to see every chunk; a body may also be
 * larger than the memory. So each chunk is kept, and then shown.
 */
export interface Intake extends AsyncDisposable {
  /** Consumed once. Throws 413 as soon as there is more than the call takes. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** What was kept, after all chunks were consumed. */
  kept(): Uint8Array | UploadedFile
}

/** `folder` takes bodies that become files; disposing removes what nobody has moved away. */
export async function openIntake(
  spec: BodySpec | undefined,
  stream: ReadableStream<Uint8Array> | null,
  { folder, limits }: { folder: string; limits: PlatformLimits },
): Promise<Intake> {
  const source = bounded(stream, boundOf(spec, limits))
  return spec?.kind === 'file' ? openFileIntake(source, folder) : memoryIntake(source)
}

function boundOf(spec: BodySpec | undefined, limits: PlatformLimits): number {
  const { maxBytes } = spec ?? { maxBytes: UNUSED_MAX_BYTES }
  return typeof maxBytes === 'number' ? maxBytes : limits[maxBytes]
}

function memoryIntake(source: AsyncIterable<Uint8Array>): Intake {
  const chunks: Uint8Array[] = []
  return {
    chunks: through(source, async (chunk) => void chunks.push(chunk)),
    kept: () => Buffer.concat(chunks),
    [Symbol.asyncDispose]: async () => {},
  }
}

async function openFileIntake(source: AsyncIterable<Uint8Array>, folder: string): Promise<Intake> {
  const path = join(folder, `incoming-${randomUUID()}`)
  const target = await open(path, 'wx', 0o600)
  let total = 0
  return {
    chunks: through(source, async (chunk) => {
      total += chunk.length
      await target.writeFile(chunk)
    }),
    kept: () => ({ path, bytes: total }),
    [Symbol.asyncDispose]: async () => {
      await target.close()
      await rm(path, { force: true })
    },
  }
}

async function* through(
  source: AsyncIterable<Uint8Array>,
  keep: (chunk: Uint8Array) => Promise<void>,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    await keep(chunk)
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
