import { chmod, chown, lstat, readdir, readlink, rm } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { BuildFailure } from './failure.ts'
import { PYTHON_PACKAGES, PYTHON_RUNTIME, PYTHON_SERVER } from './engines/python-packages.ts'
import { BUILD_LIMITS, type BuildLimits } from './limits.ts'

type TreeLimits = Pick<BuildLimits, 'packageBytes' | 'dependencyBytes' | 'microFiles'>

/**
 * Sets modes and owners so that a built micro is readable by the users that micros run as, and writable only by the
 * server. Removes everything except files, folders and links (sockets, pipes). Links stay: those of a server micro are
 * only followed inside the sandbox. Relative links that lead out of the micro are refused. Returns the size in bytes. Throws BuildFailure above the limits.
 */
export async function normalisePermissions(
  dir: string,
  micro: string,
  limits: TreeLimits = BUILD_LIMITS,
): Promise<number> {
  const sizes: Sizes = { dir, micro, files: 0, dependencies: 0, own: 0, maxFiles: limits.microFiles }
  const owner = process.getuid?.() === 0 ? 0 : null
  await normalise(dir, false, sizes, owner)
  const { packageBytes, dependencyBytes } = limits
  if (sizes.own > packageBytes) throw tooLarge(`Micro \`${micro}\` is`, packageBytes)
  if (sizes.dependencies > dependencyBytes)
    throw tooLarge(`Micro \`${micro}\` has dependencies of`, dependencyBytes)
  return sizes.own + sizes.dependencies
}

/** Where package managers install dependencies. */
const DEPENDENCY_FOLDERS = new Set(['node_modules', PYTHON_PACKAGES, PYTHON_SERVER, PYTHON_RUNTIME])

interface Sizes {
  readonly dir: string
  readonly micro: string
  files: number
  dependencies: number
  own: number
  readonly maxFiles: number
}

async function normalise(
  path: string,
  inDependencies: boolean,
  sizes: Sizes,
  owner: number | null,
): Promise<void> {
  if (++sizes.files > sizes.maxFiles)
    throw new BuildFailure(
      'user',
      `A micro has more than ${sizes.maxFiles} files. Push or build fewer files.`,
    )
  const stat = await lstat(path)
  if (stat.isSymbolicLink()) return refuseLinkOut(path, sizes)
  if (!stat.isFile() && !stat.isDirectory()) return rm(path, { force: true })
  // Before the mode: changing the owner may clear mode bits.
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
      normalise(join(path, name), inDependencies || DEPENDENCY_FOLDERS.has(name), sizes, owner),
    ),
  )
}

/** Absolute links lead to what the sandbox has there, such as the system's Python. */
async function refuseLinkOut(path: string, { dir, micro }: Sizes): Promise<void> {
  const target = await readlink(path)
  const name = relative(dir, path)
  if (isAbsolute(target) || !/^\.\.(\/|$)/.test(join(dirname(name), target))) return
  throw new BuildFailure(
    'user',
    `\`${name.slice(0, 200)}\` of micro \`${micro}\` is a link to \`${target.slice(0, 200)}\`, outside the micro, where it would find nothing at run time. Replace it by a copy, or set \`src\` to a folder that contains both.`,
  )
}

function tooLarge(what: string, limitBytes: number): BuildFailure {
  return new BuildFailure(
    'user',
    `${what} more than ${limitBytes / 1e6} MB. Push less, or list only the needed files in \`include\`.`,
  )
}
