import { S3Client, type S3Options } from 'bun'
import { createBlobFolder, diskBlobs } from '../disk/disk-blobs.ts'
import { isBlobId } from '../disk/layout.ts'
import { type Blobs, BlobMissing } from '../content/blobs.ts'
import { CHUNK_BYTES } from '../content/chunk-sums.ts'
import { copyIntoFolder } from './copy-into-folder.ts'
import { createObjectWriter } from './object-writer.ts'
import { isBehindEnd, isGone, within } from './within.ts'

export interface S3BlobsOptions {
  /** Bucket, endpoint and keys. */
  readonly store: S3Options
  /** Before each id, such as `collections/a1b2/`. */
  readonly prefix: string
  /** For one request to the store. */
  readonly requestMs: number
}

/** A request to a distant store takes longer than reading a chunk. */
const READ_BYTES = 8 * CHUNK_BYTES

/** Blobs as objects of an S3 bucket. The store answers a write once it is durable. */
export function s3Blobs({ store, prefix, requestMs }: S3BlobsOptions): Blobs {
  const client = new S3Client(store)
  const keyOf = (id: string) => prefix + requireBlobId(id)
  const inTime = <T>(what: string, request: Promise<T>) => within(request, requestMs, what)
  const blobs: Blobs = {
    readBytes: READ_BYTES,
    create: async (id) => createObjectWriter(client.file(keyOf(id)), inTime),

    async open(id) {
      const file = client.file(keyOf(id))
      return {
        read: (at, into) =>
          inTime('a read', file.slice(at, at + into.length).bytes()).then(
            (bytes) => {
              into.set(bytes)
              return bytes.length
            },
            (error: unknown) => {
              if (isBehindEnd(error)) return 0
              throw isGone(error) ? new BlobMissing(id, error) : error
            },
          ),
        close: async () => {},
      }
    },

    async remove(ids) {
      for (const id of ids) await inTime('a deletion', client.delete(keyOf(id)))
    },

    async *list() {
      for (let startAfter: string | undefined; ;) {
        const page = await inTime('a listing', client.list({ prefix, ...(startAfter ? { startAfter } : {}) }))
        const keys = (page.contents ?? []).map(({ key }) => key)
        yield keys.map((key) => key.slice(prefix.length)).filter(isBlobId)
        startAfter = keys.at(-1)
        if (!page.isTruncated || startAfter === undefined) return
      }
    },

    async writtenMs(id) {
      try {
        const { lastModified } = await inTime('a look-up', client.stat(keyOf(id)))
        return lastModified.getTime()
      } catch (error) {
        if (isGone(error)) return null
        throw error
      }
    },

    async copyTo(ids, folder) {
      await createBlobFolder(folder)
      await copyIntoFolder(blobs, ids, diskBlobs({ folder, minFreeBytes: 0 }))
    },

    requireRoom: () => {},
  }
  return blobs
}

function requireBlobId(id: string): string {
  if (!isBlobId(id)) throw new Error(`not the id of a blob: ${id}`)
  return id
}
