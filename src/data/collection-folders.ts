import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFile } from '../kernel/durable.ts'
import { removeTree } from '../disk/index.ts'
import type { DataServices } from './services.ts'

/** What the platform may ask about a whole collection. */
export class CollectionFolders {
  readonly #dir: string
  readonly #services: DataServices
  readonly #erasing = new Set<string>()

  /** `dir`: has one folder for each collection. */
  constructor(dir: string, services: DataServices) {
    this.#dir = dir
    this.#services = services
  }

  /** Its files are being erased: a late call would create some again. */
  isErasing(id: string): boolean {
    return this.#erasing.has(id)
  }

  async names(id: string): Promise<{ bases: string[]; drives: string[] }> {
    const { base, drive } = this.#services
    const [bases, drives] = await Promise.all([base.names(id), drive.names(id)])
    return { bases, drives }
  }

  async size(id: string): Promise<number> {
    const { base, drive } = this.#services
    const [ofBases, ofDrives] = await Promise.all([base.size(id), drive.size(id)])
    return ofBases + ofDrives
  }

  /** Writes a copy of the collection's folder into `folder`, which is created. */
  async copyTo(id: string, folder: string): Promise<void> {
    const { base, drive } = this.#services
    await mkdir(folder, { mode: 0o700 })
    await base.copyTo(id, folder)
    const drives = join(folder, 'drive')
    await mkdir(drives, { mode: 0o700 })
    await drive.copyTo(id, drives)
  }

  async close(id: string): Promise<void> {
    const { base, drive } = this.#services
    await Promise.all([base.close(id), drive.close(id)])
  }

  /** Resolves when the files are gone and a power cut cannot bring them back; also when there were none. */
  async erase(id: string): Promise<void> {
    this.#erasing.add(id)
    try {
      await this.close(id)
      await mkdir(this.#dir, { recursive: true, mode: 0o700 })
      await removeTree(join(this.#dir, id))
      await syncFile(this.#dir)
    } finally {
      this.#erasing.delete(id)
    }
  }
}
