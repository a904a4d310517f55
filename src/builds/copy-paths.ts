import { cp, lstat, mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { BuildContext } from './build-context.ts'
import { BuildFailure } from './failure.ts'
import { kindBelow } from './kind-below.ts'

/** Copies files and folders to the same paths in the artifact, or in `target`. Throws BuildFailure when one is missing. */
export async function copyPaths(
  build: BuildContext,
  paths: readonly string[],
  { nodeModules, target = build.artifactDir }: { readonly nodeModules: boolean; readonly target?: string },
): Promise<void> {
  await mkdir(target)
  for (const path of paths) {
    const kind = await kindBelow(build.workDir, path)
    if (kind === null)
      throw new BuildFailure(
        'user',
        `\`${path}\`, which micro \`${build.spec.name}\` needs, does not exist after the build. Correct \`include\` in the Spacefile, or the command that creates it.`,
      )
    await copyPath(build.workDir, path, target, nodeModules)
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

/** Creates the folders of a path below `dir`, in place of links and files on the way. */
export async function makeFolders(dir: string, path: string): Promise<void> {
  let at = dir
  for (const segment of path === '.' ? [] : path.split('/')) {
    at = join(at, segment)
    const stat = await statOf(at)
    if (stat?.isDirectory()) continue
    if (stat !== null) await rm(at, { force: true })
    await mkdir(at)
  }
}

async function isCopied(source: string, nodeModules: boolean): Promise<boolean> {
  if (!nodeModules && basename(source) === 'node_modules') return false
  const stat = await lstat(source)
  return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink()
}

async function statOf(path: string) {
  return lstat(path).catch(() => null)
}
