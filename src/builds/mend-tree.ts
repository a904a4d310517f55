import { chmod, chown, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Gives a revision, or what is left of one that was copied without its modes, those that `normalisePermissions` gave it: the users
 * that micros run as may read it. True when something had to be changed. The folder itself comes last, so that one that
 * was mended in part is mended again.
 */
export async function mendTree(dir: string): Promise<boolean> {
  const owner = process.getuid?.() === 0 ? 0 : null
  const { mode, uid } = await lstat(dir)
  if ((mode & 0o777) === 0o755 && (owner === null || uid === owner)) return false
  await mend(dir, owner)
  return true
}

async function mend(path: string, owner: number | null): Promise<void> {
  const stat = await lstat(path)
  if (!stat.isFile() && !stat.isDirectory()) return
  if (stat.isDirectory()) {
    // Its owner may have to be let in first.
    if ((stat.mode & 0o700) !== 0o700) await chmod(path, stat.mode | 0o700)
    for (const name of await readdir(path)) await mend(join(path, name), owner)
  }
  if (owner !== null && (stat.uid !== owner || stat.gid !== owner)) await chown(path, owner, owner)
  await chmod(path, stat.isDirectory() || (stat.mode & 0o111) !== 0 ? 0o755 : 0o644)
}
