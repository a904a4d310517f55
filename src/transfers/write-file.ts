import type { ReadEntry } from '../zip/index.ts'
import { failureOf, messageOf } from './data-access.ts'
import type { ImportProgress } from './report.ts'
import type { Target } from './target.ts'

interface FilePlace {
  readonly drive: string
  readonly name: string
}

/** Stores one file. One that Drive refuses is reported and left out. */
export async function* writeFile(
  target: Target,
  place: FilePlace,
  entry: ReadEntry,
): AsyncGenerator<ImportProgress> {
  const { report, limits } = target
  const isStored =
    entry.size <= limits.partBytes
      ? await putWhole(target, place, entry)
      : yield* putParts(target, place, entry)
  if (isStored) report.file(place.drive)
}

async function putWhole(target: Target, place: FilePlace, entry: ReadEntry): Promise<boolean> {
  const [bytes = new Uint8Array()] = await Array.fromAsync(parts(entry, target.limits.partBytes))
  const stored = await send(target, place, 'POST', `/files?${nameOf(place)}`, { bytes, type: entry.comment })
  if (stored) target.report.bytes(bytes.length)
  return stored !== null
}

async function* putParts(
  target: Target,
  place: FilePlace,
  entry: ReadEntry,
): AsyncGenerator<ImportProgress, boolean> {
  const { report, limits, signal } = target
  const begun = await send(target, place, 'POST', `/uploads?${nameOf(place)}`, { type: entry.comment })
  if (begun === null) return false
  const { upload_id: id } = (await begun.json()) as { upload_id: string }
  let isFinished = false
  try {
    let number = 0
    for await (const bytes of parts(entry, limits.partBytes)) {
      signal.throwIfAborted()
      number += 1
      const path = `/uploads/${id}/parts?${nameOf(place)}&part=${number}`
      if ((await send(target, place, 'POST', path, { bytes })) === null) return false
      report.bytes(bytes.length)
      yield report.progress()
    }
    isFinished = (await send(target, place, 'PATCH', `/uploads/${id}?${nameOf(place)}`)) !== null
    return isFinished
  } finally {
    if (!isFinished) await send(target, place, 'DELETE', `/uploads/${id}?${nameOf(place)}`).catch(() => {})
  }
}

/** Null: Drive refuses the file, which is reported. Throws when the server fails, or has no room. */
async function send(
  { data, collectionId, report }: Target,
  { drive, name }: FilePlace,
  method: string,
  path: string,
  { bytes, type = '' }: { readonly bytes?: Uint8Array<ArrayBuffer>; readonly type?: string } = {},
): Promise<Response | null> {
  const headers: Record<string, string> = isType(type) ? { 'content-type': type } : {}
  const body = bytes ?? null
  const answer = await data.call({ service: 'drive', collectionId, name: drive, method, path, headers, body })
  if (answer.ok) return answer
  if (answer.status >= 500 || answer.status === 429)
    throw await failureOf(answer, `The file ${name} of the Drive ${drive} was not stored`)
  report.fail(`drives/${drive}/${name}`, await messageOf(answer))
  return null
}

/** Of a foreign archive, the comment may be any text. */
const isType = (text: string): boolean =>
  /^[\w.+-]+\/[\w.+-]+(;[\x20-\x7e]*)?$/.test(text) && text.length <= 255

const nameOf = ({ name }: FilePlace): string => `name=${encodeURIComponent(name)}`

/** The content in parts of equal size, the last one smaller. */
async function* parts(entry: ReadEntry, partBytes: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let left = entry.size
  let part: Uint8Array<ArrayBuffer> | null = null
  let filled = 0
  for await (const piece of entry.content())
    for (let at = 0; at < piece.length;) {
      part ??= new Uint8Array(Math.min(partBytes, left))
      const taken = piece.subarray(at, at + part.length - filled)
      part.set(taken, filled)
      filled += taken.length
      left -= taken.length
      at += taken.length
      if (filled < part.length) continue
      yield part
      part = null
      filled = 0
    }
}
