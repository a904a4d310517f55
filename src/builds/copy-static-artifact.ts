import { constants } from 'node:fs'
import { copyFile, lstat, mkdir, readdir, realpath } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { BuildFailure } from './failure.ts'
import type { BuildContext } from './build-context.ts'
import { kindBelow } from './kind-below.ts'

/** Never served from the top of the folder: they describe how the app is built, and may contain a secret as a default. */
const NEVER_SERVED = new Set(['node_modules', 'Spacefile', '.spaceignore', 'Discovery.md'])

/**
 * Copies the folder `serve` into the artifact as regular files. The gateway reads these files outside of any sandbox, so
 * a link is replaced by its target if that is a file of the same micro, and left out otherwise. Throws BuildFailure.
 */
export async function copyStaticArtifact(build: BuildContext, serve: string): Promise<void> {
  const root = await realpath(build.workDir)
  const from = await realpath(join(root, serve)).catch(() => null)
  if (from === null || !isWithin(from, root) || !(await lstat(from)).isDirectory())
    throw new BuildFailure(
      'user',
      `Micro \`${build.spec.name}\` serves the folder \`${serve}\`, which does not exist after the build. ${await remedy(root)}`,
    )
  const copy: FileCopy = {
    root,
    bytes: 0,
    log: build.log,
    micro: build.spec.name,
    maxBytes: build.limits.packageBytes,
  }
  await copyFolder(from, build.artifactDir, copy, NEVER_SERVED)
}

/** Where tools write their result. */
const RESULTS = ['dist', 'build', 'out', 'public', '_site']

async function remedy(root: string): Promise<string> {
  const found: string[] = []
  for (const folder of RESULTS) if ((await kindBelow(root, folder)) === 'folder') found.push(`\`${folder}\``)
  return found.length === 0
    ? 'Correct `serve` in the Spacefile, or the command that creates the folder.'
    : `There is ${found.join(' and ')}: set \`serve\` in the Spacefile to the folder of the result.`
}

interface FileCopy {
  readonly root: string
  readonly log: (line: string) => void
  readonly micro: string
  readonly maxBytes: number
  bytes: number
}

async function copyFolder(
  from: string,
  to: string,
  copy: FileCopy,
  skip: ReadonlySet<string>,
): Promise<void> {
  await mkdir(to)
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (skip.has(entry.name)) continue
    const source = join(from, entry.name)
    if (entry.isDirectory()) await copyFolder(source, join(to, entry.name), copy, new Set())
    else await copyOne(source, join(to, entry.name), copy)
  }
}

async function copyOne(source: string, target: string, copy: FileCopy): Promise<void> {
  const real = await realpath(source).catch(() => null)
  const stat = real === null || !isWithin(real, copy.root) ? null : await lstat(real)
  if (real === null || !stat?.isFile()) {
    copy.log(`Left out ${JSON.stringify(source.slice(copy.root.length + 1))}: it is not a file of this micro`)
    return
  }
  copy.bytes += stat.size
  if (copy.bytes > copy.maxBytes)
    throw new BuildFailure(
      'user',
      `Micro \`${copy.micro}\` serves more than ${copy.maxBytes / 1e6} MB of files.`,
    )
  await copyFile(real, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(root + sep)
}
