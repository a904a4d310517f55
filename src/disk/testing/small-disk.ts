import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of its own, small enough to be filled. */
export interface SmallDisk extends Disposable {
  readonly dir: string
  /** Leaves no byte. */
  fill(): void
  /** Removes what `fill` wrote. */
  clear(): void
}

/** Null, with a line that says so, where nothing can be mounted. */
export function openSmallDisk(megabytes: number): SmallDisk | null {
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-small-disk-'))
  const mount = Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'ownspace-test', dir])
  if (!mount.success) {
    rmSync(dir, { recursive: true })
    console.warn('SKIPPED: tests of a full disk, which take a mount (run them as root)')
    return null
  }
  const filler = join(dir, 'filler')
  return {
    dir,
    fill() {
      // Blocks first, then what is left of the last one.
      for (const size of [1 << 20, 1 << 12, 64, 1]) writeUntilFull(filler, size)
    },
    clear: () => rmSync(filler, { force: true }),
    [Symbol.dispose]() {
      Bun.spawnSync(['umount', '--lazy', dir])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** For `describe.skipIf`. */
export function canMount(): boolean {
  using disk = openSmallDisk(1)
  return disk !== null
}

function writeUntilFull(path: string, size: number): void {
  const chunk = new Uint8Array(size)
  try {
    for (;;) appendFileSync(path, chunk)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}
