import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from '../data/index.ts'
import { writeDurably } from '../kernel/durable.ts'

const FILE = 'place.json'
const LOCAL: Place = { documents: 'sqlite', files: 'disk' }

/** Where each collection is, by a file in its folder; without one, it is in the folder itself. */
export class PlaceBook {
  readonly #collectionsDir: string
  readonly #known = new Map<string, Place>()
  readonly #moving = new Set<string>()

  constructor(collectionsDir: string) {
    this.#collectionsDir = collectionsDir
  }

  placeOf(id: string): Place {
    const known = this.#known.get(id)
    if (known) return known
    const place = this.#read(id) ?? LOCAL
    // Any id may be asked for, and the file is there or not.
    if (this.#known.size >= KNOWN_MAX) this.#known.clear()
    this.#known.set(id, place)
    return place
  }

  isMoving(id: string): boolean {
    return this.#moving.has(id)
  }

  /** Until it is disposed, the collection counts as being moved. */
  hold(id: string): Disposable {
    this.#moving.add(id)
    return { [Symbol.dispose]: () => void this.#moving.delete(id) }
  }

  /** Whether it was ever to be moved. */
  hasMoved(id: string): boolean {
    return this.#read(id) !== null
  }

  async set(id: string, place: Place): Promise<void> {
    const folder = join(this.#collectionsDir, id)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    await writeDurably(join(folder, FILE), `${JSON.stringify(place)}\n`, 0o600)
    this.#known.set(id, place)
  }

  forget(id: string): void {
    this.#known.delete(id)
  }

  #read(id: string): Place | null {
    try {
      const { documents, files } = JSON.parse(
        readFileSync(join(this.#collectionsDir, id, FILE), 'utf8'),
      ) as Place
      return { documents, files }
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code!)) return null
      throw error
    }
  }
}

const KNOWN_MAX = 10_000
