/**
 * Transfers: a collection as a zip archive, and back (COMPAT 6.8). Owns the layout of the archive: `bases/<name>.json` and
 * `drives/<name>/<path>`. Reaches data by the calls of Base and Drive alone, so it works wherever they keep it. Never
 * checks whose a collection is. Start reading at layout.ts.
 */
export type { DataAccess } from './data-access.ts'
export { type ExportDeps, exportCollection } from './export-collection.ts'
export { type ImportDeps, importArchive } from './import-archive.ts'
export type { ImportProgress } from './report.ts'
export { IMPORT_LIMITS, type ImportLimits } from './limits.ts'
