import { chmod, chown, lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BuildFailure } from './failure.ts'
import { PYTHON_PACKAGES } from './engines/python-packages.ts'
import { BUILD_LIMITS, type BuildLimits } from './limits.ts'

type TreeLimits = Pick<BuildLimits, 'packageBytes' | 'dependencyBytes' | 'shippedFiles'>

/**
 * Makes what was built readable by the other user that micros run as, and writable by nobody but the server: modes,
 * owner. What is neither file, folder nor link (sockets, pipes) is removed. Links stay: only the sandbox ever follows
 * those of a server micro. Answers the size in bytes. Throws BuildFailure beyond the bounds.
 */
export async function normalisePermissions(
  dir: string,
  micro: string,
  limits: TreeLimits = BUILD_LIMITS,
): Promise<number> {
  const sizes: Sizes = { files: 0, dependencies: 0, own: 0, maxFiles: limits.shippedFiles }
  const owner = process.getuid?.() === 0 ? 0 : null
  await settle(dir, false, sizes, owner)
  const { packageBytes, dependencyBytes } = limits
  if (sizes.own > packageBytes) throw tooLarge(`Micro \`${micro}\` is`, packageBytes)
  if (sizes.dependencies > dependencyBytes)
    throw tooLarge(`Micro \`${micro}\` has dependencies of`, dependencyBytes)
  return sizes.own + sizes.dependencies
}

/** Where package managers put what an app did not write. */
const DEPENDENCY_FOLDERS = new Set(['node_modules', PYTHON_PACKAGES])

interface Sizes {
  files: number
  dependencies: number
  own: number
  readonly maxFiles: number
}

async function settle(
  path: string,
  inDependencies: boolean,
  sizes: Sizes,
  owner: number | null,
): Promise<void> {
  if (++sizes.files > sizes.maxFiles)
    throw new BuildFailure('user', `A micro has more than ${sizes.maxFiles} files. Push or make fewer.`)
  const stat = await lstat(path)
  if (stat.isSymbolicLink()) return
  if (!stat.isFile() && !stat.isDirectory()) return rm(path, { force: true })
  // Before the mode: a change of owner may clear bits of it.
  if (owner !== null && (stat.uid !== owner || stat.gid !== owner)) await chown(path, owner, owner)
  const mode = stat.isDirectory() || (stat.mode & 0o111) !== 0 ? 0o755 : 0o644
  if ((stat.mode & 0o7777) !== mode) await chmod(path, mode)
  if (stat.isFile()) {
    sizes[inDependencies ? 'dependencies' : 'own'] += stat.size
    return
  }
  const names = await readdir(path)
  await Promise.all(
    names.map((name) =>
      settle(join(path, name), inDependencies || DEPENDENCY_FOLDERS.has(name), sizes, owner),
    ),
  )
}

function tooLarge(what: string, limitBytes: number): BuildFailure {
  return new BuildFailure(
    'user',
    `${what} more than ${limitBytes / 1e6} MB. Push less, or name what it needs in \`include\`.`,
  )
}
