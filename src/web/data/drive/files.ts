import { infiniteQueryOptions } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { queryClient } from '../../api/queries.ts'

export interface DriveRef {
  readonly collectionId: string
  readonly drive: string
}

export const filesQuery = ({ collectionId, drive }: DriveRef, folder: string) =>
  infiniteQueryOptions({
    queryKey: ['files', collectionId, drive, folder],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      api('GET /collections/:id/drive/files', {
        params: { id: collectionId },
        query: { drive, prefix: folder, last: pageParam, recursive: 'false' },
      }),
    getNextPageParam: ({ last }) => last,
  })

export const reloadFiles = ({ collectionId, drive }: DriveRef): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: ['files', collectionId, drive] })

/** Address of a file's content; browsers download it, and show pictures, sounds and videos that refer to it. */
export const fileUrl = ({ collectionId, drive }: DriveRef, name: string): string =>
  `/api/v0/collections/${collectionId}/drive/file?${new URLSearchParams({ drive, name })}`

/** The most names that one call deletes. */
const NAMES_MAX = 1_000

/** Deletes files, and all files of folders. */
export async function deleteNames(at: DriveRef, names: readonly string[]): Promise<void> {
  const files: string[] = []
  for (const name of names) {
    if (name.endsWith('/')) files.push(...(await filesBelow(at, name)))
    else files.push(name)
  }
  for (let start = 0; start < files.length; start += NAMES_MAX)
    await api('DELETE /collections/:id/drive/files', {
      params: { id: at.collectionId },
      query: { drive: at.drive },
      body: { names: files.slice(start, start + NAMES_MAX) },
    })
}

async function filesBelow({ collectionId, drive }: DriveRef, folder: string): Promise<string[]> {
  const found: string[] = []
  let last: string | null = ''
  while (last !== null) {
    const query: { drive: string; prefix: string; last: string } = { drive, prefix: folder, last }
    const page = await api('GET /collections/:id/drive/files', { params: { id: collectionId }, query })
    found.push(...page.names)
    last = page.last
  }
  return found
}
