import { api } from '../../api/client.ts'
import type { DriveRef } from './files.ts'
import { sendBytes } from './send-bytes.ts'

export interface UploadOptions {
  readonly at: DriveRef
  readonly name: string
  readonly file: File
  readonly signal: AbortSignal
  /** Bytes that were sent. */
  readonly onProgress: (bytes: number) => void
}

/** Larger files go in parts of this size (COMPAT 5.3). */
const PART_BYTES = 10 * 1024 * 1024
const PARTS_AT_ONCE = 2

/** Resolves when the file is in the Drive; until then an earlier file of this name stays. */
export async function uploadFile(options: UploadOptions): Promise<void> {
  const { file } = options
  return file.size <= PART_BYTES ? uploadWhole(options) : uploadInParts(options)
}

async function uploadWhole({ at, name, file, signal, onProgress }: UploadOptions): Promise<void> {
  const url = `/api/v0/collections/${at.collectionId}/drive/files?${new URLSearchParams({ drive: at.drive, name })}`
  await sendBytes({ method: 'POST', url, body: file, signal, onProgress })
}

async function uploadInParts(options: UploadOptions): Promise<void> {
  const { at, name, file } = options
  const params = { id: at.collectionId }
  const { upload_id } = await api('POST /collections/:id/drive/uploads', {
    params,
    query: { drive: at.drive, name, type: file.type },
  })
  const query = { drive: at.drive, name, upload_id }
  try {
    await sendParts(options, upload_id)
    await api('PATCH /collections/:id/drive/uploads', { params, query })
  } catch (error) {
    // The server ends an abandoned upload by itself as well.
    await api('DELETE /collections/:id/drive/uploads', { params, query }).catch(() => {})
    throw error
  }
}

async function sendParts(
  { at, name, file, signal, onProgress }: UploadOptions,
  uploadId: string,
): Promise<void> {
  const count = Math.ceil(file.size / PART_BYTES)
  const sent = Array.from({ length: count }, () => 0)
  const waiting = sent.map((_, index) => index).toReversed()
  const work = async () => {
    for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
      const part = index
      const fields = { drive: at.drive, name, upload_id: uploadId, part: String(part + 1) }
      await sendBytes({
        method: 'PUT',
        url: `/api/v0/collections/${at.collectionId}/drive/uploads?${new URLSearchParams(fields)}`,
        body: file.slice(part * PART_BYTES, (part + 1) * PART_BYTES),
        signal,
        onProgress: (bytes) => {
          sent[part] = bytes
          onProgress(sent.reduce((sum, each) => sum + each, 0))
        },
      })
    }
  }
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, work))
}
