import { lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BuildContext } from '../build-context.ts'
import { copyPath, makeFolders } from '../copy-paths.ts'
import { kindBelow } from '../kind-below.ts'
import { removeDevelopmentPackages } from '../production-modules.ts'
import { linkedMembers } from './linked-members.ts'

/**
 * Puts a member of a workspace into the artifact, at its path below the root, with the members that it needs and the
 * dependencies of the root: links between them stay valid. Other members are left out. `copyOwn` puts the member's own
 * files into their folder, which does not exist yet.
 */
export async function copyMember(
  { spec, rootDir, workDir, path, artifactDir }: BuildContext,
  copyOwn: (target: string) => Promise<void>,
): Promise<void> {
  const members = (await linkedMembers(rootDir, path)).filter((member) => member !== path)
  const target = join(artifactDir, path)
  await mkdir(dirname(target), { recursive: true })
  await copyOwn(target)
  await moveModules(workDir, target)
  for (const member of members) await moveFolder(rootDir, member, artifactDir)
  await moveModules(rootDir, artifactDir)
  if (spec.include !== null) await removeDevelopmentPackages(rootDir, artifactDir)
  await removeDanglingLinks(join(artifactDir, 'node_modules'))
  for (const file of ['package.json', 'pnpm-workspace.yaml'])
    if ((await kindBelow(rootDir, file)) === 'file') await copyPath(rootDir, file, artifactDir, false)
}

const moveModules = (from: string, to: string): Promise<void> => moveFolder(from, 'node_modules', to)

/**
 * Does nothing when the folder has been moved with one that contains it. The app controls both trees: a link on the way
 * is replaced, because the move would follow it.
 */
async function moveFolder(from: string, path: string, to: string): Promise<void> {
  if ((await kindBelow(from, path)) !== 'folder' || (await kindBelow(to, path)) !== null) return
  await makeFolders(to, dirname(path))
  await rm(join(to, path), { force: true })
  await rename(join(from, path), join(to, path))
}

/** Links to members that were left out. */
async function removeDanglingLinks(modules: string): Promise<void> {
  for (const entry of await readdir(modules, { withFileTypes: true }).catch(() => [])) {
    const path = join(modules, entry.name)
    if (entry.isDirectory() && entry.name.startsWith('@')) await removeDanglingLinks(path)
    const isDangling = (await lstat(path)).isSymbolicLink() && (await stat(path).catch(() => null)) === null
    if (isDangling) await rm(path)
  }
}
