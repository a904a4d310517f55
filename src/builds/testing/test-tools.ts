/** Programs that tests fetch from registries: kept in dist/test-tools/, so that each version is fetched once for all tests. */
import { cpSync, existsSync, linkSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dir, '../../../dist/test-tools')

/** For the folder of a tool store. */
export const SHARED_TOOLS = join(FOLDER, 'tools')
/** For `programs` in the folder of the caches: they are checked by their checksum. */
export const SHARED_PROGRAMS = join(FOLDER, 'programs')
/** Limit of a test that fetches from a registry, on a busy machine. */
export const REGISTRY_MS = 300_000

/** Puts the shared tools into the data folder of a server that has not started yet. A server evicts only its own copy. */
export function lendTools(dataDir: string): void {
  copyNew(SHARED_TOOLS, join(dataDir, 'cache/tools'))
  copyNew(SHARED_PROGRAMS, join(dataDir, 'cache/programs'))
}

/** Keeps what a server has fetched, after it stopped. */
export function keepTools(dataDir: string): void {
  copyNew(join(dataDir, 'cache/tools'), SHARED_TOOLS)
  copyNew(join(dataDir, 'cache/programs'), SHARED_PROGRAMS)
}

/** Copies what the other folder lacks, each entry complete or not at all: other processes may use both. */
function copyNew(from: string, to: string): void {
  if (!existsSync(from)) return
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    if (/^(asking|draft)-/.test(name) || existsSync(join(to, name))) continue
    const draft = join(to, `draft-${crypto.randomUUID()}`)
    linkTree(join(from, name), draft)
    try {
      renameSync(draft, join(to, name))
    } catch {
      // Another process was faster.
      rmSync(draft, { recursive: true, force: true })
    }
  }
}

/** Hard links: nothing writes into a fetched tool. */
function linkTree(from: string, to: string): void {
  const stat = lstatSync(from)
  if (!stat.isDirectory()) return linkOrCopy(from, to)
  mkdirSync(to)
  for (const name of readdirSync(from)) linkTree(join(from, name), join(to, name))
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    cpSync(from, to, { verbatimSymlinks: true })
  }
}
