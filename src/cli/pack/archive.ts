import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Zip } from 'fflate'
import type { ProjectFile } from './walk.ts'
import { addFile } from './zip-entry.ts'

/** A zip in a temporary folder, gone when disposed. */
export interface Archive extends Disposable {
  readonly data: Blob
  readonly sizeBytes: number
  /** SHA-256 of `data`. */
  readonly digest: string
  /** SHA-256 of each file, in their order. */
  readonly contents: readonly string[]
}

/** Without a pause, Ctrl-C would not be heard before the end. */
const PAUSE_AFTER_MS = 20
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Packs files into a zip as servers of Space expect it: no folder entries, no mode bits. Goes through a file, so that
 * memory stays flat; `onFile` is called after each pause with the number of files that are packed.
 */
export async function createArchive(
  files: readonly ProjectFile[],
  onFile: (index: number) => void = () => {},
): Promise<Archive> {
  const folder = mkdtempSync(join(tmpdir(), 'space-push-'))
  // A signal would end the process without disposing anything.
  const onSignal = (_: string, number: number) => {
    discard()
    process.exit(128 + number)
  }
  const discard = () => {
    for (const signal of SIGNALS) process.off(signal, onSignal)
    rmSync(folder, { recursive: true, force: true })
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  const path = join(folder, 'code.zip')
  try {
    const digests = await writeZip(path, files, onFile)
    const data = Bun.file(path)
    return { data, sizeBytes: data.size, ...digests, [Symbol.dispose]: discard }
  } catch (error) {
    discard()
    throw error
  }
}

async function writeZip(
  path: string,
  files: readonly ProjectFile[],
  onFile: (index: number) => void,
): Promise<Pick<Archive, 'digest' | 'contents'>> {
  const writer = Bun.file(path).writer()
  const digest = createHash('sha256')
  const contents: string[] = []
  let failure: Error | null = null
  const zip = new Zip((error, chunk) => {
    if (error) failure = error
    else writer.write(chunk)
    digest.update(chunk)
  })
  const flush = async () => void (await writer.flush())
  let pausedAt = performance.now()
  for (const [index, file] of files.entries()) {
    contents.push(await addFile(zip, file, flush))
    if (failure) throw failure
    if (performance.now() - pausedAt < PAUSE_AFTER_MS) continue
    onFile(index)
    await flush()
    await setImmediate()
    pausedAt = performance.now()
  }
  zip.end()
  await writer.end()
  return { digest: digest.digest('hex'), contents }
}
