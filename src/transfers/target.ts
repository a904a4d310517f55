import type { DataAccess } from './data-access.ts'
import type { ImportLimits } from './limits.ts'
import type { Report } from './report.ts'

/** Where an import stores what it reads, and what it counts. */
export interface Target {
  readonly data: DataAccess
  readonly limits: ImportLimits
  readonly collectionId: string
  readonly report: Report
  readonly signal: AbortSignal
}
