import { cp, lstat, mkdir, rename, symlink } from 'node:fs/promises'
import { basename, dirname, join, relative } from 'node:path'
import { BuildFailure } from './failure.ts'
import type { MicroBuild } from './micro-build.ts'

/** Ships the work folder of a server micro, whole or what `include` names (COMPAT 2.2). Throws BuildFailure. */
export async function shipWorkFolder(build: MicroBuild): Promise<void> {
  if (build.spec.include === null) await rename(build.workDir, build.shipDir)
  else await shipIncluded(build, build.spec.include)
}

/**
 * Copies what `include` names with the folders above it. A program below a folder also becomes reachable by its base
 * name: apps say `include: [target/release/app]` and then `run: ./app` (COMPAT 4.5).
 */
async function shipIncluded(build: MicroBuild, include: readonly string[]): Promise<void> {
  await mkdir(build.shipDir)
  for (const path of include) {
    const kind = await kindBelow(build.workDir, path)
    if (kind === null)
      throw new BuildFailure(
        'user',
        `\`${path}\` in \`include\` of micro \`${build.spec.name}\` is not there after the build.`,
      )
    const target = join(build.shipDir, path)
    await mkdir(dirname(target), { recursive: true })
    await cp(join(build.workDir, path), target, {
      recursive: true,
      // Links travel as links: following one could carry the server's own files away.
      verbatimSymlinks: true,
      filter: (source) => isCopied(source, kind === 'file' || include.includes('node_modules')),
    })
    const alias = join(build.shipDir, basename(path))
    if (kind === 'file' && alias !== target && (await statOf(alias)) === null)
      await symlink(relative(build.shipDir, target), alias)
  }
}

async function isCopied(source: string, withDependencies: boolean): Promise<boolean> {
  if (!withDependencies && basename(source) === 'node_modules') return false
  const stat = await lstat(source)
  return stat.isFile() || stat.isDirectory() || stat.isSymbolicLink()
}

/** What lies at a path none of whose folders is a link, so that it really is below `dir`. */
async function kindBelow(dir: string, path: string): Promise<'file' | 'folder' | null> {
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
