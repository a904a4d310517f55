import { cp, lstat, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { BuildFailure } from './failure.ts'
import type { BuildContext } from './build-context.ts'

/**
 * Ships the work folder of a server micro: whole, or what `include` names (COMPAT 2.2) and, whatever it names, the paths
 * in `always`. Throws BuildFailure.
 */
export async function shipWorkFolder(build: BuildContext, always: readonly string[] = []): Promise<void> {
  const { include } = build.spec
  if (include === null) return rename(build.workDir, build.shipDir)
  await shipPaths(build, [...include, ...always], { nodeModules: include.includes('node_modules') })
  for (const path of include) await linkBaseName(build.shipDir, path)
}

/** Ships the named files and folders at their places. Throws BuildFailure when one is not there. */
export async function shipPaths(
  build: BuildContext,
  paths: readonly string[],
  { nodeModules }: { readonly nodeModules: boolean },
): Promise<void> {
  await mkdir(build.shipDir)
  for (const path of paths) {
    const kind = await kindBelow(build.workDir, path)
    if (kind === null)
      throw new BuildFailure(
        'user',
        `\`${path}\`, which micro \`${build.spec.name}\` needs, is not there after the build. Correct \`include\` in the Spacefile, or the command that makes it.`,
      )
    await shipPath(build.workDir, path, build.shipDir, nodeModules)
  }
}

/**
 * Copies one path to a place that is new: the app decides what is in both trees, and a link that is already there
 * would lead the copy out of the revision. Links travel as links, for the same reason.
 */
export async function shipPath(from: string, path: string, to: string, nodeModules: boolean): Promise<void> {
  const target = join(to, path)
  if (target !== join(to, '.')) await makeFolders(to, dirname(path))
  await rm(target, { recursive: true, force: true })
  await cp(join(from, path), target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => isShipped(source, nodeModules),
  })
}

/** Writes a file of ours into a tree of the app, through no link of it. */
export async function shipText(dir: string, path: string, text: string): Promise<void> {
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
 * A program below a folder is also reachable by its base name: apps say `include: [target/release/app]` and then
 * `run: ./app` (COMPAT 4.5).
 */
async function linkBaseName(dir: string, path: string): Promise<void> {
  const alias = join(dir, basename(path))
  const stat = await statOf(join(dir, path))
  if (stat?.isFile() && (await statOf(alias)) === null) await symlink(path, alias)
}

async function isShipped(source: string, nodeModules: boolean): Promise<boolean> {
  if (!nodeModules && basename(source) === 'node_modules') return false
  const stat = await lstat(source)
  return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink()
}

/** What lies at a path none of whose folders is a link, so that it really is below `dir`. */
export async function kindBelow(dir: string, path: string): Promise<'file' | 'folder' | null> {
  let at = dir
  const segments = path === '.' ? [] : path.split('/')
  for (const [index, segment] of segments.entries()) {
    at = join(at, segment)
    const stat = await statOf(at)
    const isLast = index === segments.length - 1
    if (stat?.isDirectory()) continue
    return isLast && stat?.isFile() ? 'file' : null
  }
  return 'folder'
}

async function statOf(path: string) {
  return lstat(path).catch(() => null)
}
