import type { Stats } from 'node:fs'
import type { Representation } from './representation.ts'

export interface StaticFile {
  /** Of the plain file, as it was when it was read. */
  readonly stats: Stats
  /** The plain file first, then its compressed siblings. */
  readonly representations: readonly [Representation, ...Representation[]]
}
