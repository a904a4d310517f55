import { chmod, chown, lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Restores the modes and owners of `normalisePermissions` in a revision that was copied without them, so that the users
 * that micros run as can read it. Returns true when something was changed. The folder itself is changed last, so that an
 * interrupted repair is repeated.
 */
export async function repairPermissions(dir: string): Promise<boolean> {
  const owner = process.getuid?.() === 0 ? 0 : null
  const { mode, uid } = await lstat(dir)
  if ((mode & 0o777) === 0o755 && (owner === null || uid === owner)) return false
  await repair(dir, owner)
  return true
}

async function repair(path: string, owner: number | null): Promise<void> {
  const stat = await lstat(path)
  if (!stat.isFile() && !stat.isDirectory()) return
  if (stat.isDirectory()) {
    // The server may need access to the folder first.
    if ((stat.mode & 0o700) !== 0o700) await chmod(path, stat.mode | 0o700)
    for (const name of await readdir(path)) await repair(join(path, name), owner)
  }
  if (owner !== null && (stat.uid !== owner || stat.gid !== owner)) await chown(path, owner, owner)
  await chmod(path, stat.isDirectory() || (stat.mode & 0o111) !== 0 ? 0o755 : 0o644)
}
