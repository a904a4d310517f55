import { lstat, rename, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type BuildContext, quote } from './build-context.ts'
import { copyPaths } from './copy-paths.ts'
import { keepProductionModules } from './production-modules.ts'
import { makeRunnable } from './runnable-files.ts'
import { copyMember } from './workspaces/copy-member.ts'

/**
 * Copies the work folder of a server micro into the artifact: all of it, or the paths in `include` (COMPAT 2.2) and in
 * `always`, with the dependencies that the app needs to run. Throws BuildFailure.
 */
export async function copyWorkFolder(build: BuildContext, always: readonly string[] = []): Promise<void> {
  const { include, run } = build.spec
  const copyOwn = (target: string) =>
    include === null ? rename(build.workDir, target) : copyIncluded(build, target, [include, always])
  await (build.path === '.' ? copyOwn(build.artifactDir) : copyMember(build, copyOwn))
  if (run !== null) await makeRunnable(join(build.artifactDir, build.path), run)
}

/** The command with `path` below the artifact as its working directory: a member of a workspace is not at the top. */
export const startIn = (path: string, command: string): string =>
  path === '.' ? command : `cd ${quote(path)} && ${command}`

async function copyIncluded(
  build: BuildContext,
  target: string,
  [include, always]: readonly [include: readonly string[], always: readonly string[]],
): Promise<void> {
  const nodeModules = include.includes('node_modules')
  await copyPaths(build, [...include, ...always], { nodeModules, target })
  if (!nodeModules) await keepProductionModules(build, target)
  for (const path of include) await linkBaseName(target, path)
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

async function statOf(path: string) {
  return lstat(path).catch(() => null)
}
