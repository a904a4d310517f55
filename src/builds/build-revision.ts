import { existsSync } from 'node:fs'
import { chmod, cp, lstat, mkdir, readdir, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { removeTree } from '../disk/index.ts'
import { syncTrees } from '../kernel/durable.ts'
import type { MicroSpec } from '../spacefile/index.ts'
import { markUnsynced } from './cache-marks.ts'
import { ENGINES } from './engines/engines.ts'
import { BuildFailure, failureOfSystem } from './failure.ts'
import type { BuildLimits } from './limits.ts'
import { createBuildContext, limitsOf, type MicroDirs } from './build-context.ts'
import { normalisePermissions } from './normalise-permissions.ts'
import type { BuildDeps, BuildInput, BuildResult, BuiltMicro } from './types.ts'
import { withRunTools } from './tools/run-tools.ts'
import { unpackArchive } from './unpack.ts'
import { type WorkBounds, createWorkBounds } from './work-bounds.ts'

/**
 * Builds all micros of an uploaded archive in `<outDir>.building`. The folder is renamed to `outDir` only when every
 * micro is complete, so a crash at any point leaves nothing that could be served, and the next attempt removes what is
 * left. A returned result is synced to the disk. Failures of the app or the machine are results; bugs of ours throw.
 */
export async function buildRevision(input: BuildInput, deps: BuildDeps): Promise<BuildResult> {
  if (existsSync(input.outDir)) throw new Error(`revision exists already: ${input.outDir}`)
  requireScope(input.cacheScope)
  return asResult(async () => {
    const mark = await markUnsynced(deps.caches.dir, input.cacheScope)
    const result = await asResult(() => buildInStaging(input, deps))
    await syncOrRemove(input.outDir, [dirname(input.outDir), deps.caches.dir])
    await mark.remove()
    return result
  })
}

async function asResult(work: () => Promise<BuildResult>): Promise<BuildResult> {
  try {
    return await work()
  } catch (error) {
    const failure = error instanceof BuildFailure ? error : failureOfSystem(error)
    if (failure === null) throw error
    return { kind: 'failed', fault: failure.fault, message: failure.message }
  }
}

async function buildInStaging(input: BuildInput, deps: BuildDeps): Promise<BuildResult> {
  const staging = `${input.outDir}.building`
  try {
    await removeTree(staging)
    return { kind: 'built', micros: await buildIn(staging, input, deps) }
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

async function buildIn(staging: string, input: BuildInput, deps: BuildDeps): Promise<BuiltMicro[]> {
  refuseMissingEngines(input.spacefile.micros)
  const source = join(staging, 'source')
  const artifacts = join(staging, 'artifacts')
  for (const folder of [staging, source, artifacts]) await makeFolder(folder)
  using caches = deps.caches.lease(input.cacheScope, join(staging, 'cache'))
  const limits = { workFolder: staging, workBytes: deps.workBytes, ownCache: caches.own, caches: deps.caches }
  const bounds = createWorkBounds(limits)
  await requireWithin(bounds)
  await unpackArchive(input.archivePath, source, limitsOf(deps))
  const micros: BuiltMicro[] = []
  for (const spec of input.spacefile.micros) {
    input.onLine(`Building micro ${spec.name}...`)
    const workDir = join(staging, 'work', spec.name)
    await copySource(source, spec, workDir)
    await requireWithin(bounds)
    const artifactDir = join(artifacts, spec.name)
    micros.push(await buildMicro(spec, { workDir, artifactDir, caches }, input, { ...deps, bounds }))
  }
  input.onLine('All micros built successfully')
  input.onLine(`Total size: ${sizeText(await normaliseAll(artifacts, limitsOf(deps)))}`)
  await rename(artifacts, input.outDir)
  return micros
}

async function requireWithin(bounds: WorkBounds): Promise<void> {
  const reason = await bounds.check()
  if (reason) throw reason
}

async function buildMicro(
  spec: MicroSpec,
  dirs: MicroDirs,
  input: BuildInput,
  deps: Parameters<typeof createBuildContext>[3],
): Promise<BuiltMicro> {
  const build = ENGINES[spec.engine.family]
  if (build === null) throw missingEngine(spec)
  const context = createBuildContext(spec, dirs, input, deps)
  using _ = context.tools
  return withRunTools(await build(context), context.tools.list)
}

/** Fails before any micro is built. */
function refuseMissingEngines(micros: readonly MicroSpec[]): void {
  const missing = micros.find(({ engine }) => ENGINES[engine.family] === null)
  if (missing !== undefined) throw missingEngine(missing)
}

function missingEngine({ name, engine }: MicroSpec): BuildFailure {
  const known = Object.entries(ENGINES).filter(([, builder]) => builder !== null)
  return new BuildFailure(
    'user',
    `This server cannot build the engine \`${engine.name}\` of micro \`${name}\` yet. It builds ${known.map(([family]) => family).join(', ')}.`,
  )
}

/** Copies the source per micro: two micros may share a folder, and commands of one must not change the other. */
async function copySource(source: string, spec: MicroSpec, workDir: string): Promise<void> {
  const from = join(source, spec.src)
  const stat = await lstat(from).catch(() => null)
  if (!stat?.isDirectory())
    throw new BuildFailure(
      'user',
      `The folder \`${spec.src}\` of micro \`${spec.name}\` is not in the upload. Correct \`src\` in the Spacefile, or check whether .spaceignore excludes the folder.`,
    )
  await cp(from, workDir, { recursive: true })
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await chmod(folder, 0o755)
}

const sizeText = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(2)} MB`

/** Each micro's folder and, for static files, the folders beside it with the compressed copies. */
async function normaliseAll(artifacts: string, limits: BuildLimits): Promise<number> {
  let bytes = 0
  for (const name of await readdir(artifacts))
    bytes += await normalisePermissions(join(artifacts, name), name, limits)
  return bytes
}
