import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readExposure } from '../access/exposure.ts'
import type { Exposure, Status } from '../../contract/index.ts'
import { getJson, postJson, upload } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import { type Cli, sayDone, sayNotice } from '../context.ts'
import { count, formatBytes } from '../format.ts'
import { createArchive } from '../pack/archive.ts'
import { MAX_PROJECT_BYTES, projectBytes, requireProjectFits } from '../pack/size.ts'
import { type ProjectFile, listProjectFiles } from '../pack/walk.ts'
import { checkIcon } from '../project/icon.ts'
import type { ValidProject } from '../project/project.ts'
import { readIgnore } from '../project/space-ignore.ts'

export interface NewBuild {
  readonly project: ValidProject
  readonly files: readonly ProjectFile[]
  readonly appId: string
  /** Empty: the server makes one up. */
  readonly tag: string
  /** Called with what the push makes public, before the code is sent; throws to stop it there. */
  onExposure(exposure: Exposure): Promise<void>
}

export interface Uploaded {
  readonly buildId: string
  /** Null when the server does not say. */
  readonly exposure: Exposure | null
}

/** Everything that a push of this project sends. Throws for what cannot be sent, before a server hears of it. */
export const filesToPush = async (project: ValidProject): Promise<readonly ProjectFile[]> =>
  listProjectFiles(project.dir, await readIgnore(project.dir))

/** Throws `too_large` for more than the server takes. Asks it only about what the usual bound would refuse. */
export async function requireRoomFor(connection: Connection, files: readonly ProjectFile[]): Promise<void> {
  if (projectBytes(files) <= MAX_PROJECT_BYTES) return
  const { max_upload_bytes: maxBytes } = await getJson<Status>(connection, '/v0/status')
  requireProjectFits(files, maxBytes)
}

/** Packs the files and sends them (COMPAT 3.5, calls 1–4); the build has begun when this resolves. */
export async function uploadBuild(
  cli: Cli,
  connection: Connection,
  { project, files, appId, tag, onExposure }: NewBuild,
): Promise<Uploaded> {
  using archive = await createArchive(files, (index) =>
    cli.err.progress(`  Packing ${index + 1} of ${count(files.length, 'file')} …`),
  )
  sayDone(cli, `Packed ${count(files.length, 'file')} (${formatBytes(archive.sizeBytes)})`)

  const { spacefile } = project
  const request = { app_id: appId, tag, experimental: false, auto_pwa: spacefile.autoPwa }
  const { id } = await postJson<{ id: string }>(connection, '/v0/builds', request)
  const path = `/v0/builds/${encodeURIComponent(id)}`
  const manifest = { contentType: 'text/plain', data: new Blob([project.source]) }
  const exposure = readExposure(await upload(connection, `${path}/manifest`, manifest))
  if (exposure) await onExposure(exposure)
  await uploadIcon(cli, connection, project, `${path}/icon`)
  await upload(
    connection,
    `${path}/code`,
    { contentType: 'application/zip', data: archive.data },
    {
      // It has just been shown.
      query: exposure ? { log_exposure: false } : {},
      onSent: (sentBytes) =>
        cli.err.progress(`  Uploading ${formatBytes(sentBytes)} of ${formatBytes(archive.sizeBytes)} …`),
    },
  )
  sayDone(cli, 'Uploaded')
  return { buildId: id, exposure }
}

/** A wrong icon does not stop a push (COMPAT 2.8); the app then gets a generated one. */
async function uploadIcon(
  cli: Cli,
  connection: Connection,
  project: ValidProject,
  path: string,
): Promise<void> {
  const { icon } = project.spacefile
  if (icon === null) return
  const bytes = readIcon(join(project.dir, icon))
  const check = bytes ? checkIcon(bytes) : ({ kind: 'bad', problem: 'cannot be read' } as const)
  if (bytes && check.kind === 'ok')
    await upload(connection, path, { contentType: check.contentType, data: new Blob([bytes]) })
  else if (check.kind === 'bad') sayNotice(cli, `The icon ${icon} ${check.problem}; pushing without it.`)
}

function readIcon(path: string): Uint8Array<ArrayBuffer> | null {
  try {
    return new Uint8Array(readFileSync(path))
  } catch {
    return null
  }
}
