import { existsSync } from 'node:fs'
import { chmod, mkdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { removeTree } from '../disk/index.ts'
import { syncTrees } from '../kernel/durable.ts'
import { limitsOf } from './build-context.ts'
import { makeMicro } from './build-micro.ts'
import { markUnsynced } from './cache-marks.ts'
import { BuildFailure, failureOfSystem } from './failure.ts'
import { type MicroProvenance, writeProvenance } from './reuse/provenance.ts'
import { type Reuse, linkAll, openReuse, unchangedMicros } from './reuse/reuse.ts'
import type { BuildDeps, BuildInput, BuildResult } from './types.ts'
import { unpackArchive } from './unpack.ts'
import { openSupplies } from './vanished/supplies.ts'
import { createWorkBounds, requireWithin } from './work-bounds.ts'

/**
 * Builds all micros of an uploaded archive in `<outDir>.building`. The folder is renamed to `outDir` only when every
 * micro is complete, so a crash at any point leaves nothing that could be served, and the next attempt removes what is
 * left. A returned result is synced to the disk. Failures of the app or the machine are results; bugs of ours throw.
 */
export async function buildRevision(input: BuildInput, deps: BuildDeps): Promise<BuildResult> {
  if (existsSync(input.outDir)) throw new Error(`revision exists already: ${input.outDir}`)
  requireScope(input.cacheScope)
  return asResult(async () => {
    const reuse = await openReuse(input, deps)
    const unchanged = unchangedMicros(reuse, input.serving)
    if (unchanged !== null) return { kind: 'unchanged', micros: unchanged }
    const { archive } = input
    if ('digest' in archive) throw outdated()
    const mark = await markUnsynced(deps.caches.dir, input.cacheScope)
    const result = await asResult(() => buildInStaging({ ...input, archive }, deps, reuse))
    await syncOrRemove(input.outDir, [dirname(input.outDir), deps.caches.dir])
    await mark.remove()
    return result
  })
}

type UploadedInput = BuildInput & { readonly archive: { readonly path: string } }

const outdated = () =>
  new BuildFailure('user', 'The code that runs has changed since this push began. Run again: space push')

async function asResult(work: () => Promise<BuildResult>): Promise<BuildResult> {
  try {
    return await work()
  } catch (error) {
    const failure = error instanceof BuildFailure ? error : failureOfSystem(error)
    if (failure === null) throw error
    return { kind: 'failed', fault: failure.fault, message: failure.message }
  }
}

async function buildInStaging(input: UploadedInput, deps: BuildDeps, reuse: Reuse): Promise<BuildResult> {
  const staging = `${input.outDir}.building`
  try {
    await removeTree(staging)
    const artifacts = join(staging, 'artifacts')
    for (const folder of [staging, artifacts]) await makeFolder(folder)
    const micros = (await linkAll(reuse, artifacts)) ?? (await buildIn(staging, input, deps, reuse))
    input.onLine('All micros built successfully')
    input.onLine(`Total size: ${sizeText(micros.reduce((sum, { bytes }) => sum + bytes, 0))}`)
    await writeProvenance(artifacts, { upload: reuse.upload, micros })
    await rename(artifacts, input.outDir)
    return { kind: 'built', micros: micros.map(({ built }) => built) }
  } finally {
    // Before the sync, so that these files need not be written to the disk.
    await removeTree(staging).catch(() => {})
    await deps.caches.finishBuild(input.cacheScope, input.onLine)
  }
}

async function syncOrRemove(outDir: string, folders: readonly string[]): Promise<void> {
  try {
    await syncTrees(folders)
  } catch (error) {
    await removeTree(outDir)
    throw error
  }
}

function requireScope(scope: string | undefined): void {
  if (scope !== undefined && !/^[\w-]+$/.test(scope)) throw new Error(`not a cache scope: ${scope}`)
}

async function buildIn(
  staging: string,
  input: UploadedInput,
  deps: BuildDeps,
  reuse: Reuse,
): Promise<MicroProvenance[]> {
  const source = join(staging, 'source')
  await makeFolder(source)
  using caches = deps.caches.lease(input.cacheScope, join(staging, 'cache'))
  const limits = { workFolder: staging, workBytes: deps.workBytes, ownCache: caches.own, caches: deps.caches }
  const bounds = createWorkBounds(limits)
  await requireWithin(bounds)
  const { mended, files } = await unpackArchive(input.archive.path, source, limitsOf(deps))
  for (const path of mended)
    input.onLine(`${path} had Windows line ends (CRLF), which no system could run: converted`)
  const supplies = await openSupplies(deps.caches.dir)
  const folders = { source, artifacts: join(staging, 'artifacts'), work: join(staging, 'work') }
  const micros: MicroProvenance[] = []
  for (const spec of input.spacefile.micros)
    micros.push(await makeMicro(spec, { input, deps, reuse, bounds, caches, supplies, files, ...folders }))
  return micros
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o755)
}

const sizeText = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`
