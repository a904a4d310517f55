import { chmod, mkdir, open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { openPromise } from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { type ArchiveEntry, classifyEntry, createNameGuard } from './archive-entry.ts'
import { BuildFailure, failureOfSystem } from './failure.ts'
import { BUILD_LIMITS, type BuildLimits } from './limits.ts'
import { mendLineEnds } from './runnable-files.ts'

type UnpackLimits = Pick<BuildLimits, 'archiveEntries' | 'archiveBytes'>

/**
 * Unpacks an uploaded zip into `dir`, which must be empty. Does not trust names, types or sizes. Files are created
 * exclusively, so no entry can write through or over another. Uploads carry no mode bits (COMPAT 2.11): scripts and
 * binaries are recognised by their first bytes and made executable. Returns the scripts whose Windows line ends were converted. Throws
 * BuildFailure.
 */
export async function unpackArchive(
  archivePath: string,
  dir: string,
  limits: UnpackLimits = BUILD_LIMITS,
): Promise<readonly string[]> {
  const zip = await openArchive(archivePath)
  // Awaiting an entry throws the error too; an error event without a listener would end the server.
  zip.on('error', () => {})
  try {
    return await unpackEntries(zip, dir, limits)
  } catch (error) {
    throw asFailure(error)
  } finally {
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

async function unpackEntries(zip: ZipFile, dir: string, limits: UnpackLimits): Promise<string[]> {
  if (zip.entryCount > limits.archiveEntries) throw tooLarge(`more than ${limits.archiveEntries} files`)
  const folders = new Set<string>([dir])
  const mended: string[] = []
  for (const { entry, classified } of await classifyAll(zip, limits)) {
    const target = join(dir, classified.path)
    await makeFolder(classified.kind === 'folder' ? target : dirname(target), folders)
    if (classified.kind !== 'file') continue
    const kind = await writeEntry(zip, entry, target, classified.executable)
    if (
      kind === 'script' &&
      entry.uncompressedSize <= BUILD_LIMITS.scriptBytes &&
      (await mendLineEnds(target))
    )
      mended.push(classified.path)
  }
  return mended
}

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
async function makeFolder(folder: string, known: Set<string>): Promise<void> {
  if (known.has(folder)) return
  await makeFolder(dirname(folder), known)
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o755)
  known.add(folder)
}

async function writeEntry(
  zip: ZipFile,
  entry: Entry,
  target: string,
  executable: boolean,
): Promise<FileKind> {
  using content = await openContent(zip, entry)
  await using file = await open(target, 'wx')
  const { head, checksum } = await Promise.race([writeContent(content.stream, file), content.failed])
  // The reader checks sizes only.
  if (checksum !== entry.crc32)
    throw new BuildFailure(
      'user',
      `\`${printable(entry.fileName)}\` was damaged during the upload. Run again: space push`,
    )
  const kind = kindOf(head)
  await file.chmod(executable || kind !== 'data' ? 0o755 : 0o644)
  return kind
}

interface Content extends Disposable {
  readonly stream: Readable
  /** Rejects when the stream reports that the entry is damaged; never resolves. */
  readonly failed: Promise<never>
}

/**
 * The reader emits errors without ending the stream, possibly before the stream is awaited or after the last read. An
 * iterator alone would miss an early error and wait forever, and a late error would end the server. The error listener
 * is therefore added at once and stays.
 */
function openContent(zip: ZipFile, entry: Entry): Promise<Content> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (error === null ? resolve(watch(stream)) : reject(error)))
  })
}

function watch(stream: Readable): Content {
  const failed = new Promise<never>((_, reject) => stream.on('error', reject))
  failed.catch(() => {})
  return { stream, failed, [Symbol.dispose]: () => void stream.destroy() }
}

async function writeContent(
  stream: Readable,
  file: FileHandle,
): Promise<{ readonly head: Buffer; readonly checksum: number }> {
  let head = Buffer.alloc(0)
  let checksum = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (head.length < 4) head = Buffer.concat([head, chunk.subarray(0, 4 - head.length)])
    checksum = crc32(chunk, checksum)
    await file.writeFile(chunk)
  }
  return { head, checksum }
}

/** `script`: it has an interpreter line; `binary`: ELF. */
type FileKind = 'script' | 'binary' | 'data'

function kindOf(head: Buffer): FileKind {
  if (head.toString('latin1', 0, 2) === '#!') return 'script'
  return head.toString('latin1', 0, 4) === '\x7fELF' ? 'binary' : 'data'
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
