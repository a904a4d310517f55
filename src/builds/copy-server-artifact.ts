import { cp, lstat, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BuildFailure } from './failure.ts'
import type { BuildContext } from './build-context.ts'
import { kindBelow } from './kind-below.ts'
import { keepProductionModules } from './production-modules.ts'
import { makeRunnable } from './runnable-files.ts'

/**
 * Copies the work folder of a server micro into the artifact: all of it, or the paths in `include` (COMPAT 2.2) and in
 * `always`, with the dependencies that the app needs to run. Throws BuildFailure.
 */
export async function copyWorkFolder(build: BuildContext, always: readonly string[] = []): Promise<void> {
  const { include, run } = build.spec
  if (include === null) await rename(build.workDir, build.artifactDir)
  else await copyIncluded(build, include, always)
  if (run !== null) await makeRunnable(build.artifactDir, run)
}

async function copyIncluded(
  build: BuildContext,
  include: readonly string[],
  always: readonly string[],
): Promise<void> {
  const nodeModules = include.includes('node_modules')
  await copyPaths(build, [...include, ...always], { nodeModules })
  if (!nodeModules) await keepProductionModules(build)
  for (const path of include) await linkBaseName(build.artifactDir, path)
}

/** Copies files and folders to the same paths in the artifact. Throws BuildFailure when one is missing. */
export async function copyPaths(
  build: BuildContext,
  paths: readonly string[],
  { nodeModules }: { readonly nodeModules: boolean },
): Promise<void> {
  await mkdir(build.artifactDir)
  for (const path of paths) {
    const kind = await kindBelow(build.workDir, path)
    if (kind === null)
      throw new BuildFailure(
        'user',
        `\`${path}\`, which micro \`${build.spec.name}\` needs, does not exist after the build. Correct \`include\` in the Spacefile, or the command that creates it.`,
      )
    await copyPath(build.workDir, path, build.artifactDir, nodeModules)
  }
}

/**
 * Copies one path after deleting its target: the app controls both trees, and the copy could follow an existing link
 * out of the revision. Links are copied as links, for the same reason.
 */
export async function copyPath(from: string, path: string, to: string, nodeModules: boolean): Promise<void> {
  const target = join(to, path)
  if (target !== join(to, '.')) await makeFolders(to, dirname(path))
  await rm(target, { recursive: true, force: true })
  await cp(join(from, path), target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => isCopied(source, nodeModules),
  })
}

/** Writes our own file into a tree of the app without following its links. */
export async function writeArtifactFile(dir: string, path: string, text: string): Promise<void> {
  await makeFolders(dir, dirname(path))
  await rm(join(dir, path), { recursive: true, force: true })
  await writeFile(join(dir, path), text, { flag: 'wx' })
}

async function makeFolders(dir: string, path: string): Promise<void> {
  let at = dir
  for (const segment of path === '.' ? [] : path.split('/')) {
    at = join(at, segment)
    const stat = await statOf(at)
    if (stat?.isDirectory()) continue
    if (stat !== null) await rm(at, { force: true })
    await mkdir(at)
  }
}

/**
 * Links a program in a subfolder by its base name, because apps have `include: [target/release/app]` with
 * `run: ./app` (COMPAT 4.5).
 */
async function linkBaseName(dir: string, path: string): Promise<void> {
  const alias = join(dir, basename(path))
  const stat = await statOf(join(dir, path))
  if (stat?.isFile() && (await statOf(alias)) === null) await symlink(path, alias)
}

async function isCopied(source: string, nodeModules: boolean): Promise<boolean> {
  if (!nodeModules && basename(source) === 'node_modules') return false
  const stat = await lstat(source)
  return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink()
}

async function statOf(path: string) {
  return lstat(path).catch(() => null)
}
