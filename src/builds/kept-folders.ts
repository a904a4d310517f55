import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { kindBelow } from './kind-below.ts'

/** Where frameworks keep what makes their next build faster, and where a missing folder costs time only. */
const CACHES = [
  '.next/cache',
  '.angular/cache',
  '.parcel-cache',
  '.turbo',
  'node_modules/.cache',
  'node_modules/.vite',
  'node_modules/.astro',
]
/** Holds the result, too, so it is moved only after that was copied. */
const CACHES_WITH_RESULT = ['target']

/**
 * Folders that the builds of a micro pass on to each other, by moving them out of the work folder and back: nothing is
 * copied, and the server reads nothing in them. A build that fails passes nothing on, so a broken cache lasts for one
 * build. Only builds of the same micro see them.
 */
export interface KeptFolders {
  /** Moves the `node_modules` that an earlier build kept under `key` into the work folder. False when there are none. */
  takeModules(key: string): Promise<boolean>
  /** Keep `node_modules` under `key` when the build has succeeded. */
  keepModules(key: string): void
  /** Call it when the dependencies are installed, before commands run. */
  takeCaches(): Promise<void>
  /** Call it when the commands have ended: the artifact needs no caches. */
  keepCaches(): Promise<void>
  /** Call it when the artifact is complete. */
  finish(): Promise<void>
}

/** `dir`: of this micro, below the caches, in no sandbox; null: nothing is kept. */
export function createKeptFolders(dir: string | null, workDir: string): KeptFolders {
  if (dir === null) return KEEPS_NOTHING
  let modulesKey: string | null = null
  return {
    async takeModules(key) {
      if (!(await move(dir, modulesName(key), workDir, 'node_modules'))) return false
      modulesKey = key
      return true
    },
    keepModules: (key) => void (modulesKey = key),
    async takeCaches() {
      for (const path of [...CACHES, ...CACHES_WITH_RESULT]) await move(dir, cacheName(path), workDir, path)
    },
    async keepCaches() {
      for (const path of CACHES) await replace(workDir, path, dir, cacheName(path))
    },
    async finish() {
      for (const path of CACHES_WITH_RESULT) await replace(workDir, path, dir, cacheName(path))
      if (modulesKey === null) return
      await dropOtherModules(dir, modulesName(modulesKey))
      await replace(workDir, 'node_modules', dir, modulesName(modulesKey))
    },
  }
}

const KEEPS_NOTHING: KeptFolders = {
  takeModules: () => Promise.resolve(false),
  keepModules: () => {},
  takeCaches: () => Promise.resolve(),
  keepCaches: () => Promise.resolve(),
  finish: () => Promise.resolve(),
}

const modulesName = (key: string): string => `modules.${key}`
const cacheName = (path: string): string => `cache.${path.replaceAll('/', '.')}`

/** False when there is nothing to move, a link is on the way, or something is there already. */
async function move(fromDir: string, from: string, toDir: string, to: string): Promise<boolean> {
  if ((await kindBelow(fromDir, from)) !== 'folder' || (await kindBelow(toDir, to)) !== null) return false
  const parent = dirname(to)
  if ((await kindBelow(toDir, dirname(parent))) !== 'folder') return false
  await mkdir(join(toDir, parent), { recursive: true })
  if ((await kindBelow(toDir, parent)) !== 'folder') return false
  await rename(join(fromDir, from), join(toDir, to))
  return true
}

/** The newer folder wins; one that the build did not use stays. */
async function replace(fromDir: string, from: string, toDir: string, to: string): Promise<void> {
  if ((await kindBelow(fromDir, from)) !== 'folder') return
  await mkdir(toDir, { recursive: true, mode: 0o700 })
  await rm(join(toDir, to), { recursive: true, force: true })
  await rename(join(fromDir, from), join(toDir, to))
}

/** A lockfile that changes replaces the modules. */
async function dropOtherModules(dir: string, name: string): Promise<void> {
  for (const other of await readdir(dir).catch(() => []))
    if (other.startsWith('modules.') && other !== name)
      await rm(join(dir, other), { recursive: true, force: true })
}
