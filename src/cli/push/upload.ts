import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readExposure } from '../access/exposure.ts'
import type { Exposure } from '../../contract/index.ts'
import { api, upload } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import { type Cli, sayDone, sayNotice } from '../context.ts'
import { MAX_PROJECT_BYTES, projectBytes, requireProjectFits } from '../pack/size.ts'
import { type ProjectFile, listProjectFiles } from '../pack/walk.ts'
import { checkIcon } from '../project/icon.ts'
import type { ValidProject } from '../project/project.ts'
import { readIgnore } from '../project/space-ignore.ts'
import { type Code, openCode } from './code.ts'
import type { NewBuild } from './new-build.ts'
import { restartWhenLost, startBuild } from './resume-upload.ts'
import { startUnchanged } from './start-unchanged.ts'

export interface Uploaded {
  readonly buildId: string
  /** Null when the server does not say. */
  readonly exposure: Exposure | null
}

/** All files that a push of this project sends. Throws for files that cannot be sent, before any request. */
export const filesToPush = async (project: ValidProject): Promise<readonly ProjectFile[]> =>
  listProjectFiles(project.dir, await readIgnore(project.dir))

/** Throws `too_large` for more than the server accepts. Asks it only when the default limit is exceeded. */
export async function requireRoomFor(connection: Connection, files: readonly ProjectFile[]): Promise<void> {
  if (projectBytes(files) <= MAX_PROJECT_BYTES) return
  const { max_upload_bytes: maxBytes } = await api(connection, 'GET /status')
  requireProjectFits(files, maxBytes)
}

/** Sends the app (COMPAT 3.5, calls 1–4), packed unless the server has this code; the build has begun when this resolves. */
export async function uploadBuild(cli: Cli, connection: Connection, build: NewBuild): Promise<Uploaded> {
  using code = openCode(cli, build)
  if (code.known === null) await code.pack()
  const announce = onceEach(build.onExposure)
  return await restartWhenLost(cli, connection, async () => {
    const id = await createBuild(connection, build)
    return { id, upload: () => sendParts(cli, connection, { ...build, id, onExposure: announce }, code) }
  })
}

async function createBuild(connection: Connection, { project, appId, tag }: NewBuild): Promise<string> {
  const { autoPwa } = project.spacefile
  // One that is created twice and never started does no harm, but would keep the tag.
  const isRepeatable = tag === ''
  // `experimental`: as the official command sends it; the server ignores the field.
  const body = { app_id: appId, tag, experimental: false, auto_pwa: autoPwa }
  return (await api(connection, 'POST /builds', { body, isRepeatable })).id
}

async function sendParts(
  cli: Cli,
  connection: Connection,
  { id, project, rebuild, onExposure }: NewBuild & { readonly id: string },
  code: Code,
): Promise<Uploaded> {
  const manifest = { id, contentType: 'text/plain', data: new Blob([project.source]), isRepeatable: true }
  const exposure = readExposure(await upload(connection, 'POST /builds/:id/manifest', manifest))
  if (exposure) await onExposure(exposure)
  await uploadIcon(cli, connection, project, id)
  // It has just been shown.
  const shown = exposure ? ({ log_exposure: 'false' } as const) : {}
  if (code.known !== null && (await startUnchanged(connection, { id, digest: code.known, query: shown })))
    sayDone(cli, 'Nothing to upload: the code has not changed')
  else {
    const query = { ...shown, ...(rebuild ? { rebuild } : {}) }
    const archive = await code.pack()
    await startBuild(connection, id, () =>
      upload(connection, 'POST /builds/:id/code', { id, ...archive, query }),
    )
    sayDone(cli, 'Uploaded')
  }
  return { buildId: id, exposure }
}

/** Consent to an exposure holds for a repeated upload as well, and for nothing else. */
function onceEach(onExposure: NewBuild['onExposure']): NewBuild['onExposure'] {
  const seen = new Set<string>()
  return async (exposure) => {
    const key = JSON.stringify(exposure)
    if (!seen.has(key)) await onExposure(exposure)
    seen.add(key)
  }
}

/** A wrong icon does not stop a push (COMPAT 2.8); the app then gets a generated one. */
async function uploadIcon(
  cli: Cli,
  connection: Connection,
  project: ValidProject,
  id: string,
): Promise<void> {
  const { icon } = project.spacefile
  if (icon === null) return
  const bytes = readIcon(join(project.dir, icon))
  const check = bytes ? checkIcon(bytes) : ({ kind: 'bad', problem: 'cannot be read' } as const)
  if (bytes && check.kind === 'ok')
    await upload(connection, 'POST /builds/:id/icon', {
      id,
      contentType: check.contentType,
      data: new Blob([bytes]),
      isRepeatable: true,
    })
  else if (check.kind === 'bad') sayNotice(cli, `The icon ${icon} ${check.problem}; pushing without it.`)
}

function readIcon(path: string): Uint8Array<ArrayBuffer> | null {
  try {
    return new Uint8Array(readFileSync(path))
  } catch {
    return null
  }
}
