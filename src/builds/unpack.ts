import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { openPromise } from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { type ArchiveEntry, classifyEntry, createNameGuard } from './archive-entry.ts'
import { isReadAtOnce } from './entry-content.ts'
import { BuildFailure, failureOfSystem } from './failure.ts'
import { BUILD_LIMITS, type BuildLimits } from './limits.ts'
import type { KnownFiles } from './reuse/digest-tree.ts'
import { type WrittenFile, streamEntry, writeEntry } from './write-entry.ts'

type UnpackLimits = Pick<BuildLimits, 'archiveEntries' | 'archiveBytes'>

export interface Unpacked {
  /** Scripts whose Windows line ends were converted. */
  readonly mended: readonly string[]
  readonly files: KnownFiles
}

/** So that the server answers requests while it unpacks thousands of files. */
const PAUSE_AFTER_MS = 10

/**
 * Unpacks an uploaded zip into `dir`, which must be empty. Does not trust names, types or sizes. Files are created
 * exclusively, so no entry can write through or over another. Uploads carry no mode bits (COMPAT 2.11): scripts and
 * binaries are recognised by their first bytes and made executable. Throws BuildFailure.
 */
export async function unpackArchive(
  archivePath: string,
  dir: string,
  limits: UnpackLimits = BUILD_LIMITS,
): Promise<Unpacked> {
  const zip = await openArchive(archivePath)
  // Awaiting an entry throws the error too; an error event without a listener would end the server.
  zip.on('error', () => {})
  const archive = openSync(archivePath, 'r')
  try {
    return await unpackEntries({ zip, archive }, dir, limits)
  } catch (error) {
    throw asFailure(error)
  } finally {
    closeSync(archive)
    zip.close()
  }
}

async function openArchive(archivePath: string): Promise<ZipFile> {
  try {
    return await openPromise(archivePath, { lazyEntries: true, autoClose: false, strictFileNames: true })
  } catch (error) {
    throw asFailure(error)
  }
}

/** The same archive twice: small entries are read from the file, large ones by the library. */
interface OpenArchive {
  readonly zip: ZipFile
  readonly archive: number
}

async function unpackEntries(
  { zip, archive }: OpenArchive,
  dir: string,
  limits: UnpackLimits,
): Promise<Unpacked> {
  if (zip.entryCount > limits.archiveEntries) throw tooLarge(`more than ${limits.archiveEntries} files`)
  const folders = new Set<string>([dir])
  const mended: string[] = []
  const files = new Map<string, WrittenFile>()
  let pausedAt = performance.now()
  for (const { entry, classified } of await classifyAll(zip, limits)) {
    const { path } = classified
    const target = join(dir, path)
    makeFolder(classified.kind === 'folder' ? target : dirname(target), folders)
    if (classified.kind === 'file') {
      const isProgram = classified.executable
      const written = isReadAtOnce(entry)
        ? writeEntry(archive, { entry, target, isProgram })
        : await streamEntry(zip, { entry, target, isProgram })
      if (written === null) throw damaged(entry)
      if (written.isMended) mended.push(path)
      files.set(path, written)
    }
    if (performance.now() - pausedAt < PAUSE_AFTER_MS) continue
    await setImmediate()
    pausedAt = performance.now()
  }
  return { mended, files }
}

const damaged = ({ fileName }: Entry) =>
  new BuildFailure('user', `\`${printable(fileName)}\` was damaged during the upload. Run again: space push`)

interface ValidEntry {
  readonly entry: Entry
  readonly classified: Exclude<ArchiveEntry, { kind: 'bad' }>
}

/** Checks all entries before a file is written. Throws one error that names every entry that cannot be unpacked. */
async function classifyAll(zip: ZipFile, limits: UnpackLimits): Promise<ValidEntry[]> {
  const meets = createNameGuard()
  const budget = createBudget(limits)
  const valid: ValidEntry[] = []
  const faults: string[] = []
  for await (const entry of zip.eachEntry()) {
    budget(entry)
    const classified = classifyEntry(entry)
    const other = classified.kind === 'bad' ? null : meets(classified.path, classified.kind)
    if (classified.kind === 'bad') faults.push(faultOf(entry, classified.reason))
    else if (other !== null) faults.push(faultOf(entry, `cannot be unpacked beside \`${printable(other)}\``))
    else valid.push({ entry, classified })
  }
  if (faults.length > 0) throw refuse(faults)
  return valid
}

/**
 * Adds up the declared unpacked sizes. The reader rejects an entry whose real size differs from its declared size, so
 * the declared size can be trusted, and it is checked before a byte is written.
 */
function createBudget(limits: UnpackLimits): (entry: Entry) => void {
  let unpacked = 0
  let packed = 0
  return (entry) => {
    unpacked += entry.uncompressedSize
    packed += entry.compressedSize
    if (unpacked > limits.archiveBytes) throw tooLarge(`more than ${limits.archiveBytes / 1e6} MB`)
    if (unpacked > BUILD_LIMITS.archiveRatioFromBytes && unpacked > packed * BUILD_LIMITS.archiveRatio)
      throw tooLarge(`data that is compressed more than ${BUILD_LIMITS.archiveRatio} times`)
  }
}

/** Explicit modes: the server's umask must not decide what the sandbox's user can read. */
function makeFolder(folder: string, known: Set<string>): void {
  if (known.has(folder)) return
  makeFolder(dirname(folder), known)
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o755)
  known.add(folder)
}

function asFailure(error: unknown): BuildFailure {
  if (error instanceof BuildFailure) return error
  const ofSystem = failureOfSystem(error)
  if (ofSystem !== null) return ofSystem
  // Errors with a code come from the file system; the reader's errors about the archive have none.
  if ((error as NodeJS.ErrnoException).code?.startsWith('E')) throw error
  const reason = printable(error instanceof Error ? error.message : String(error))
  return new BuildFailure(
    'user',
    `The upload is not a readable zip archive: ${reason}. Run again: space push`,
    error,
  )
}

function tooLarge(what: string): BuildFailure {
  return new BuildFailure('user', `The upload contains ${what}. Exclude files in .spaceignore.`)
}

const faultOf = ({ fileName }: Entry, reason: string) => `\`${printable(fileName)}\` ${reason}`

const FAULTS_SHOWN = 20

function refuse(faults: readonly string[]): BuildFailure {
  const more = faults.length > FAULTS_SHOWN ? [`and ${faults.length - FAULTS_SHOWN} more`] : []
  const list = [...faults.slice(0, FAULTS_SHOWN), ...more].join('; ')
  const them = faults.length === 1 ? 'it' : 'them'
  return new BuildFailure('user', `${list}. Rename ${them}, or exclude ${them} in .spaceignore.`)
}

function printable(text: string): string {
  return text.slice(0, 200).replace(/\p{Cc}/gu, '\uFFFD')
}
