/** A file system of its own in an image, whose state at a moment can be looked at as a power cut would leave it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface LoopDisk extends AsyncDisposable {
  /** Where it is mounted. */
  readonly folder: string
  /** What the disk holds now, mounted: writes that wait in memory are not there. */
  cutPower(): Promise<LoopDisk>
}

/** Null, and why, where this user may not mount. */
export async function openLoopDisk(): Promise<LoopDisk | { readonly missing: string }> {
  if (process.getuid!() !== 0) return { missing: 'only root may mount' }
  const base = mkdtempSync(join(tmpdir(), 'ownspace-disk-'))
  const image = join(base, 'image')
  try {
    await run(['truncate', '-s', '512M', image])
    await run(['mkfs.ext4', '-q', '-F', image])
    return await mountImage(base, image)
  } catch (error) {
    rmSync(base, { recursive: true, force: true })
    return { missing: (error as Error).message }
  }
}

async function mountImage(base: string, image: string): Promise<LoopDisk> {
  const folder = join(base, 'disk')
  await run(['mkdir', folder])
  await run(['mount', '-o', 'loop', image, folder])
  return {
    folder,
    async cutPower() {
      const copyBase = mkdtempSync(join(tmpdir(), 'ownspace-disk-'))
      const copy = join(copyBase, 'image')
      await run(['cp', '--sparse=always', image, copy])
      return mountImage(copyBase, copy)
    },
    async [Symbol.asyncDispose]() {
      await run(['umount', folder])
      rmSync(base, { recursive: true, force: true })
    },
  }
}

async function run(cmd: string[]): Promise<void> {
  const child = Bun.spawn({ cmd, stdio: ['ignore', 'ignore', 'pipe'] })
  const text = await new Response(child.stderr).text()
  if ((await child.exited) !== 0) throw new Error(`${cmd[0]}: ${text.trim()}`)
}
