import { createHash } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProjectFile } from './walk.ts'

/**
 * What the last archive of this project was made of, in `.space/packed`: while no file has changed, the archive need not be
 * made again to know its digest.
 */
interface Packed {
  /** Digest of the stamps of all files. */
  readonly stamps: string
  /** SHA-256 of the archive. */
  readonly archive: string
  /**
   * SHA-256 of the files that had just been changed when they were packed, by path. A file system counts time in steps:
   * such a file may change again without a change of its stamp, so its content is compared.
   */
  readonly fresh: Readonly<Record<string, string>>
}

/** The longest step of a file system's clock in use (FAT). */
const CLOCK_STEP_MS = 2_000

const recordOf = (dir: string): string => join(dir, '.space', 'packed')

/** The digest of the archive that these files would make, where it is known. Null: they have to be packed. */
export function knownArchive(dir: string, files: readonly ProjectFile[]): string | null {
  try {
    const { stamps, archive, fresh } = JSON.parse(readFileSync(recordOf(dir), 'utf8')) as Packed
    if (stamps !== digestOf(files)) return null
    const isSame = files.every((file) => {
      const content = fresh[file.path]
      return content === undefined || content === sha256(readFileSync(file.absolutePath))
    })
    return isSame ? archive : null
  } catch {
    // None yet, or not readable: it only saves work.
    return null
  }
}

/** Keeps what an archive was made of. */
export interface PackedRecord {
  /** `contents`: SHA-256 of each file as it was packed, in the order of `files`. */
  keep(
    files: readonly ProjectFile[],
    archive: { readonly digest: string; readonly contents: readonly string[] },
  ): void
}

/** To be called after the files were listed and before the first one is read. Null in a folder that is not linked. */
export function openRecord(dir: string): PackedRecord | null {
  const path = recordOf(dir)
  try {
    writeFileSync(path, '', { mode: 0o660 })
    // The clock of the file system, which may be that of another machine.
    const openedAtMs = statSync(path).mtimeMs
    return { keep: (files, archive) => keep(path, openedAtMs, files, archive) }
  } catch {
    return null
  }
}

function keep(
  path: string,
  openedAtMs: number,
  files: readonly ProjectFile[],
  { digest, contents }: { readonly digest: string; readonly contents: readonly string[] },
): void {
  const isFresh = ({ changedAtMs }: ProjectFile) => changedAtMs >= openedAtMs - CLOCK_STEP_MS
  const fresh = Object.fromEntries(
    files.flatMap((file, index) => (isFresh(file) ? [[file.path, contents[index]!]] : [])),
  )
  const packed: Packed = { stamps: digestOf(files), archive: digest, fresh }
  try {
    writeFileSync(path, JSON.stringify(packed), { mode: 0o660 })
  } catch {
    // The next push packs again.
  }
}

const digestOf = (files: readonly ProjectFile[]): string =>
  sha256(JSON.stringify(files.map(({ path, stamp }) => [path, stamp])))

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')
