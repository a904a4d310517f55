import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import type { Build } from '../projects/index.ts'
import { syncFile, writeDurably } from '../kernel/durable.ts'
import { conflict, invalid } from '../kernel/http-error.ts'
import { type Spacefile, formatDiagnostics, parseSpacefile } from '../spacefile/index.ts'
import type { Folders } from '../storage/index.ts'

/** Throws 409 unless the push still waits for its parts. */
export function requirePending({ status, failure }: Build): void {
  if (failure !== null) throw conflict(`This push has ended (${failure}); start a new one: space push`)
  if (status !== 'pending') throw conflict('This push has been started already; start a new one: space push')
}

/** Stores a Spacefile as it came, and parsed for the build. Throws 400 with all its diagnostics when it cannot be used. */
export async function storeManifest(folders: Folders, build: Build, raw: Uint8Array): Promise<Spacefile> {
  const spacefile = parseManifest(raw)
  await makeUpload(folders, build)
  await writeDurably(folders.manifest(build.id), raw, 0o600)
  await writeDurably(folders.spacefile(build.id), JSON.stringify(spacefile), 0o600)
  return spacefile
}

/** Throws 409 when no manifest was stored. */
export async function readSpacefile(folders: Folders, build: Build): Promise<Spacefile> {
  const json = await readFile(folders.spacefile(build.id), 'utf8').catch(() => null)
  if (json === null) throw conflict('This push has no Spacefile yet; upload it before the code')
  return JSON.parse(json) as Spacefile
}

function parseManifest(raw: Uint8Array): Spacefile {
  const text = new TextDecoder().decode(raw)
  const { value, diagnostics } = parseSpacefile(text)
  if (value) return value
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  throw invalid(`The Spacefile has errors\n${formatDiagnostics(text, errors)}`)
}

/** Media types by their first bytes. No SVG: it can carry scripts. */
const ICON_TYPES: readonly (readonly [type: string, magic: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n/],
  ['image/webp', /^RIFF....WEBP/s],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
]

/** Stores an icon and returns its media type, detected from its bytes. Throws 400 for anything but PNG, WebP, JPEG and GIF. */
export async function storeIcon(folders: Folders, build: Build, raw: Uint8Array): Promise<string> {
  const head = Buffer.from(raw.subarray(0, 16)).toString('latin1')
  const type = ICON_TYPES.find(([, magic]) => magic.test(head))?.[0]
  if (!type) throw invalid('The icon must be a PNG or WebP image')
  await makeUpload(folders, build)
  await writeDurably(folders.icon(build.id), raw, 0o600)
  return type
}

async function makeUpload(folders: Folders, { id }: Build): Promise<void> {
  const made = await mkdir(folders.upload(id), { recursive: true, mode: 0o700 })
  if (made !== undefined) await syncFile(folders.uploads)
}

/** Moves the uploaded file. It is not synced, since a build that a power cut interrupted has failed. */
export async function storeArchive(folders: Folders, build: Build, uploadedPath: string): Promise<void> {
  await rename(uploadedPath, folders.archive(build.id))
}

/** Deletes the archive once it is built or has failed: a revision keeps its Spacefile and icon only. */
export async function dropArchive(folders: Folders, build: Build): Promise<void> {
  await rm(folders.archive(build.id), { force: true })
}
