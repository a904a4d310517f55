import type { Database } from '../../storage/index.ts'
import type { Write } from './group-commit.ts'
import type { DriveTables } from './schema.ts'

/** A database, or a transaction of it, and whose rows in it are meant. */
export interface Scope {
  readonly db: Database<DriveTables>
  readonly collection: string
}

/** What changes are made in. */
export interface WriteScope extends Scope {
  readonly write: Write
}

/** Which file. */
export interface FileKey {
  readonly drive: Uint8Array
  readonly name: Uint8Array
}

/** A blob, as one part of some content. */
export interface StoredPart {
  readonly blob: string
  readonly size: number
  readonly sums: Uint8Array
}

export interface StoredFile {
  readonly content: string
  readonly size: number
  readonly type: string
  readonly modified_ms: number
}
