import { HttpError, invalid } from '../kernel/http-error.ts'
import { type ReadEntry, ZipDamaged, openZip } from '../zip/index.ts'
import type { DataAccess } from './data-access.ts'
import { type ArchivePlan, planArchive } from './plan-archive.ts'
import { placeOf } from './layout.ts'
import type { ImportLimits } from './limits.ts'
import { type ImportProgress, Report } from './report.ts'
import type { Target } from './target.ts'
import { writeFile } from './write-file.ts'
import { writeItems } from './write-items.ts'

export interface ImportDeps {
  readonly data: DataAccess
  readonly limits: ImportLimits
}

export interface ImportOptions {
  readonly collectionId: string
  readonly path: string
  /** Of the archive, where it has several collections; null: the only one. */
  readonly folder: string | null
  readonly signal: AbortSignal
}

/**
 * Stores what a zip archive holds: `bases/<name>.json` and `drives/<name>/<path>`, of this server or of the original.
 * Replaces items and files with the same names and leaves all others, so it can be repeated. Yields its progress. Throws
 * HttpError 400 for what is no archive; what was stored before stays.
 */
export async function* importArchive(
  { data, limits }: ImportDeps,
  { collectionId, path, folder, signal }: ImportOptions,
): AsyncGenerator<ImportProgress> {
  try {
    const plan = await planArchive(path, folder, limits)
    const report = new Report(limits.namedFailures)
    const target = { data, collectionId, limits, report, signal }
    using zip = await openZip(path)
    for await (const entry of zip.entries()) {
      signal.throwIfAborted()
      yield* importEntry(target, entry, plan)
    }
    yield report.progress()
  } catch (error) {
    if (!(error instanceof ZipDamaged)) throw error
    throw new HttpError(400, 'invalid', `The archive is damaged: ${error.message}. Export it again.`, {
      cause: error,
    })
  }
}

async function* importEntry(
  target: Target,
  entry: ReadEntry,
  { folder, isEncoded }: ArchivePlan,
): AsyncGenerator<ImportProgress> {
  const { report } = target
  const { name } = entry
  if (name?.endsWith('/')) return
  const place = name?.startsWith(folder) ? placeOf(name.slice(folder.length), isEncoded) : null
  if (place === null) return report.skip()
  if (!entry.isReadable)
    throw invalid(`The entry ${name} is encrypted, or compressed by another method than DEFLATE`)
  if (place.kind === 'base') yield* writeItems(target, place.base, entry)
  else yield* writeFile(target, place, entry)
  yield report.progress()
}
