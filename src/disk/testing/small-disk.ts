import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A separate file system, small enough to fill. */
export interface SmallDisk extends Disposable {
  readonly dir: string
  /** Fills the disk completely. */
  fill(): void
  /** Removes the files of `fill`. */
  clear(): void
}

/** Null, with a message, if this process cannot mount. */
export function openSmallDisk(megabytes: number): SmallDisk | null {
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-small-disk-'))
  const mount = Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', `size=${megabytes}m`, 'ownspace-test', dir])
  if (!mount.success) {
    rmSync(dir, { recursive: true })
    console.warn('SKIPPED: tests of a full disk need a mount (run them as root)')
    return null
  }
  const filler = join(dir, 'filler')
  return {
    dir,
    fill() {
      // Blocks first, then the rest of the last block.
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
