import { mkdir, readdir, rename, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFile } from '../kernel/durable.ts'
import { removeTree } from '../disk/index.ts'
import { MoveRefused, type Moved, type Place, type Places } from './places.ts'
import type { DataServices } from './services.ts'

/** What the platform may ask about a whole collection. */
export class CollectionFolders {
  readonly #dir: string
  readonly #services: DataServices
  readonly #places: Places | null
  readonly #erasing = new Set<string>()
  readonly #moving = new Set<string>()

  /** `dir`: has one folder for each collection. */
  constructor(dir: string, services: DataServices, places: Places | null) {
    this.#dir = dir
    this.#services = services
    this.#places = places
  }

  /** Its files are being erased: a late call would create some again. */
  isErasing(id: string): boolean {
    return this.#erasing.has(id)
  }

  /** It is being moved: it can be read, and not written to. */
  isMoving(id: string): boolean {
    return this.#moving.has(id)
  }

  /** Takes the items or files to another store. Throws MoveRefused. */
  async move(id: string, to: Partial<Place>): Promise<Moved> {
    if (this.#places === null) throw new MoveRefused('The server has no other store for collections')
    if (this.#moving.has(id) || this.#erasing.has(id))
      throw new MoveRefused('The collection is being moved or deleted already')
    this.#moving.add(id)
    try {
      // Writes that are under way end first; later ones are answered with 503.
      await this.close(id)
      return await this.#places.move(id, to)
    } finally {
      this.#moving.delete(id)
    }
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

  /** Makes the collection `as`, which has no files yet, a copy of this one. Its files appear whole. */
  async copyAs(id: string, as: string): Promise<void> {
    const folder = join(this.#dir, as)
    const draft = join(folder, 'draft')
    await mkdir(folder, { mode: 0o700 })
    await this.copyTo(id, draft)
    for (const name of await readdir(draft)) await rename(join(draft, name), join(folder, name))
    await rmdir(draft)
  }

  async close(id: string): Promise<void> {
    const { base, drive } = this.#services
    await Promise.all([base.close(id), drive.close(id)])
  }

  /** Resolves when the files are gone and a power cut cannot bring them back; also when there were none. */
  async erase(id: string): Promise<void> {
    if (this.#moving.has(id)) throw new Error('the collection is being moved')
    this.#erasing.add(id)
    try {
      await this.close(id)
      // Before the folder, which says that there is something.
      await this.#places?.eraseOutside(id)
      await mkdir(this.#dir, { recursive: true, mode: 0o700 })
      await removeTree(join(this.#dir, id))
      await syncFile(this.#dir)
    } finally {
      this.#erasing.delete(id)
    }
  }
}
