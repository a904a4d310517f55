import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BuiltMicro } from '../types.ts'

/**
 * What made a revision; in the revision's folder, beside its micros. No micro sees it, and no request can name it: each
 * micro has only its own folder.
 */
export interface Provenance {
  /** Of the whole upload (`uploadKey`). */
  readonly upload: string
  readonly micros: readonly MicroProvenance[]
}

export interface MicroProvenance {
  /** Of everything that its build depends on (`microKey`). */
  readonly key: string
  readonly built: BuiltMicro
  /** Size of its files. */
  readonly bytes: number
  /** Names of the tools that it was built with, besides those of the machine (`toolName`). */
  readonly tools?: readonly string[]
  /** Package URLs of its dependencies. */
  readonly packages?: readonly string[]
  /** A tool that it asks for could not be fetched, so the next push builds it again. */
  readonly lacksTool?: boolean
}

/** Not a name that a micro can have: a dot is not allowed in one. */
const FILE = 'provenance.json'

/** Null for a revision without one that can be read: earlier versions wrote none. */
export async function readProvenance(revisionDir: string): Promise<Provenance | null> {
  try {
    return JSON.parse(await readFile(join(revisionDir, FILE), 'utf8')) as Provenance
  } catch {
    return null
  }
}

export async function writeProvenance(revisionDir: string, provenance: Provenance): Promise<void> {
  await writeFile(join(revisionDir, FILE), `${JSON.stringify(provenance)}\n`, { flag: 'wx', mode: 0o644 })
}
