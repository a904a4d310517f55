import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type DocumentStore, type PostgresStore, copyDocuments, eraseFile } from '../base/index.ts'
import { type Moved, MoveRefused, type Place, type Places } from '../data/index.ts'
import { type Blobs, copyAllBlobs, createBlobFolder, diskBlobs, eraseAllBlobs } from '../drive/index.ts'
import type { PlaceBook } from './place-book.ts'

export interface DataPlacesDeps {
  readonly collectionsDir: string
  readonly book: PlaceBook
  readonly sqlite: DocumentStore
  readonly postgres: PostgresStore | null
  readonly s3Of: ((collectionId: string) => Blobs) | null
  /** Waits for running calls of the collection, and closes its files. */
  readonly close: (collectionId: string) => Promise<void>
}

/** Moves the items and the files of collections. The old place is emptied after the new one is in use. */
export class DataPlaces implements Places {
  readonly #deps: DataPlacesDeps

  constructor(deps: DataPlacesDeps) {
    this.#deps = deps
  }

  async move(id: string, to: Partial<Place>): Promise<Moved> {
    const { book, close } = this.#deps
    const from = book.placeOf(id)
    this.#requireStores(to)
    using _held = book.hold(id)
    // Writes that began before that end first.
    await close(id)
    // Before anything is copied: an erasure then knows that there may be something outside of the folder.
    await book.set(id, from)
    const next = { ...from, ...to }
    const items = next.documents === from.documents ? 0 : await this.#copyDocuments(id, next.documents)
    const files = next.files === from.files ? { blobs: 0, bytes: 0 } : await this.#copyFiles(id, from, next)
    // In this order: what is opened again after the close is at the new place.
    await book.set(id, next)
    await close(id)
    if (next.documents !== from.documents) await this.#eraseDocuments(id, from.documents)
    if (next.files !== from.files) await eraseAllBlobs(await this.#blobs(id, from.files))
    return { items, ...files }
  }

  async eraseOutside(id: string): Promise<void> {
    const { book, postgres, s3Of } = this.#deps
    if (book.hasMoved(id)) {
      const place = book.placeOf(id)
      this.#requireStores(place)
      await postgres?.erase(id)
      if (s3Of !== null) await eraseAllBlobs(s3Of(id))
    }
    book.forget(id)
  }

  #requireStores({ documents, files }: Partial<Place>): void {
    if (documents === 'postgres' && this.#deps.postgres === null)
      throw new MoveRefused('The server has no PostgreSQL for collections: start it with --data-database')
    if (files === 's3' && this.#deps.s3Of === null)
      throw new MoveRefused('The server has no S3 for collections: start it with --data-blobs')
  }

  async #copyDocuments(id: string, to: Place['documents']): Promise<number> {
    const { sqlite, postgres } = this.#deps
    const [source, target] = to === 'postgres' ? [sqlite, postgres!] : [postgres!, sqlite]
    // What a move left that was cut short.
    await target.close(id)
    await this.#eraseDocuments(id, to)
    return (await copyDocuments(source, target, id)).items
  }

  async #eraseDocuments(id: string, place: Place['documents']): Promise<void> {
    const { collectionsDir, sqlite, postgres } = this.#deps
    if (place === 'postgres') return await postgres!.erase(id)
    await sqlite.close(id)
    await eraseFile(join(collectionsDir, id))
  }

  async #copyFiles(id: string, from: Place, to: Place): Promise<{ blobs: number; bytes: number }> {
    const [source, target] = [await this.#blobs(id, from.files), await this.#blobs(id, to.files)]
    await eraseAllBlobs(target)
    return await copyAllBlobs(source, target)
  }

  async #blobs(id: string, place: Place['files']): Promise<Blobs> {
    const { collectionsDir, s3Of } = this.#deps
    if (place === 's3') return s3Of!(id)
    const folder = join(collectionsDir, id, 'drive')
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await createBlobFolder(folder)
    return diskBlobs({ folder, minFreeBytes: 0 })
  }
}
