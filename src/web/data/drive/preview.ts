import { queryOptions } from '@tanstack/react-query'
import { ApiError } from '../../api/client.ts'
import { type DriveRef, fileUrl } from './files.ts'

/** What can be shown of a file. */
export type Preview =
  | { readonly kind: 'image' | 'audio' | 'video'; readonly bytes: number }
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number; readonly isWhole: boolean }
  | { readonly kind: 'none'; readonly bytes: number }

/** The part of a file that is read to find out what it is, and shown when it is text. */
const HEAD_BYTES = 262_144

export const previewQuery = (at: DriveRef, name: string) =>
  queryOptions({
    queryKey: ['preview', at.collectionId, at.drive, name],
    queryFn: ({ signal }) => readPreview(fileUrl(at, name), signal),
    staleTime: 0,
    gcTime: 0,
  })

async function readPreview(url: string, signal: AbortSignal): Promise<Preview> {
  const response = await fetch(url, { headers: { Range: `bytes=0-${HEAD_BYTES - 1}` }, signal })
  // Nothing can be in the range of an empty file.
  if (response.status === 416) return { kind: 'text', text: '', bytes: 0, isWhole: true }
  if (!response.ok) throw new ApiError(response.status, await detailOf(response))
  const head = new Uint8Array(await response.arrayBuffer())
  const bytes = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? head.length)
  const kind = /^(image|audio|video)\//.exec(response.headers.get('content-type') ?? '')?.[1]
  if (kind === 'image' || kind === 'audio' || kind === 'video') return { kind, bytes }
  const text = textOf(head, bytes === head.length)
  return text === null
    ? { kind: 'none', bytes }
    : { kind: 'text', text, bytes, isWhole: bytes === head.length }
}

async function detailOf(response: Response): Promise<string> {
  const { detail } = (await response.json().catch(() => ({}))) as { detail?: string }
  return detail ?? `The server responded with status ${response.status}.`
}

/** Null: it is not text in UTF-8. The last character of a part may be cut. */
function textOf(head: Uint8Array, isWhole: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !isWhole })
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}
