import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Zip, ZipDeflate } from 'fflate'
import type { ProjectFile } from './walk.ts'

/** A zip in a temporary folder, gone when disposed. */
export interface Archive extends Disposable {
  readonly data: Blob
  readonly sizeBytes: number
}

/** The same files give the same bytes: no time of packing, no time of the files (COMPAT 2.11). */
const EPOCH = new Date(1980, 0, 1)
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Packs files into a zip as servers of Space expect it: DEFLATE, no folder entries, no mode bits. Goes through a file,
 * so that memory stays flat; `onFile` is called before each one.
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
    await writeZip(path, files, onFile)
  } catch (error) {
    discard()
    throw error
  }
  const data = Bun.file(path)
  return { data, sizeBytes: data.size, [Symbol.dispose]: discard }
}

async function writeZip(
  path: string,
  files: readonly ProjectFile[],
  onFile: (index: number) => void,
): Promise<void> {
  const writer = Bun.file(path).writer()
  let failure: Error | null = null
  const zip = new Zip((error, chunk) => {
    if (error) failure = error
    else writer.write(chunk)
  })
  for (const [index, file] of files.entries()) {
    onFile(index)
    const entry = new ZipDeflate(file.path, { level: 6 })
    entry.mtime = EPOCH
    zip.add(entry)
    for await (const chunk of Bun.file(file.absolutePath).stream()) {
      entry.push(chunk)
      await writer.flush()
      // Deflating never waits for anything; without a pause, Ctrl-C would not be heard before the end.
      await setImmediate()
    }
    entry.push(new Uint8Array(0), true)
    if (failure) throw failure
  }
  zip.end()
  await writer.end()
}
