import { lstat, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { BUILD_LIMITS } from '../limits.ts'
import { findOwnPackages, keepOwnNames } from '../own-names/own-names.ts'
import { readAppFile } from '../read-app-file.ts'
import { appFolders } from './app-folders.ts'
import { answerManifest, answerNpmLock, type Answered } from './node-manifest.ts'

const NPM_LOCKS = ['package-lock.json', 'npm-shrinkwrap.json']
const LOCKS = [...NPM_LOCKS, 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock', 'bun.lockb']

export interface AnsweredManifests {
  /** Lines for the build log. */
  readonly notices: ReadonlySet<string>
  /** Puts the app's own text back into the files of `dir`, a copy of the folder, unless the build has changed them. */
  restore(dir: string): Promise<void>
}

interface Change {
  readonly dir: string
  readonly name: string
  readonly before: string
  readonly after: string
}

/**
 * Changes every package.json and package-lock.json of an uploaded app so that vanished packages come from `tarballs`, and
 * packages of the project itself from its folders.
 * Call it before any code of the app has run.
 */
export async function answerNodeManifests(
  root: string,
  tarballs: ReadonlyMap<string, string>,
): Promise<AnsweredManifests> {
  const notices = new Set<string>()
  const changes: Change[] = []
  const own = await findOwnPackages(root)
  for await (const { dir, names, isPackages } of appFolders(root)) {
    if (isPackages || !names.has('package.json')) continue
    // A lockfile says everything that will be asked for; it is answered entry by entry, or it names no such package.
    const guardsOthers = !LOCKS.some((name) => names.has(name))
    const change = async (name: string, maxBytes: number, answer: (text: string) => Answered | null) => {
      const before = await readAppFile(dir, name, maxBytes)
      const answered = before === null ? null : answer(before)
      if (before === null || answered === null) return
      answered.notices.forEach((notice) => notices.add(notice))
      await replaceFile(join(dir, name), answered.text)
      changes.push({ dir: relative(root, dir), name, before, after: answered.text })
    }
    await change('package.json', BUILD_LIMITS.packageJsonBytes, (text) =>
      answerManifest(text, tarballs, {
        guardsOthers,
        own: (json, lines) => keepOwnNames(json, relative(root, dir), own, lines),
      }),
    )
    for (const name of NPM_LOCKS.filter((lock) => names.has(lock)))
      await change(name, BUILD_LIMITS.lockfileBytes, (text) => answerNpmLock(text, tarballs))
  }
  return { notices, restore: (dir) => restoreAll(dir, changes) }
}

async function restoreAll(root: string, changes: readonly Change[]): Promise<void> {
  for (const { dir, name, before, after } of changes) {
    // A folder may have become a link, which could lead out of the revision.
    if (!(await isFolderBelow(root, dir))) continue
    if ((await readAppFile(join(root, dir), name, BUILD_LIMITS.lockfileBytes)) === after)
      await replaceFile(join(root, dir, name), before)
  }
}

async function isFolderBelow(root: string, path: string): Promise<boolean> {
  let at = root
  for (const segment of ['', ...path.split('/')]) {
    at = join(at, segment)
    if (!(await lstat(at).catch(() => null))?.isDirectory()) return false
  }
  return true
}

async function replaceFile(path: string, text: string): Promise<void> {
  await rm(path)
  await writeFile(path, text, { flag: 'wx' })
}
