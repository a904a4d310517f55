import { existsSync } from 'node:fs'
import { lstat, mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { MicroSpec } from '../spacefile/index.ts'
import { type BuildContext, createBuildContext, limitsOf, logOf, type Caches } from './build-context.ts'
import { ENGINES } from './engines/engines.ts'
import { BuildFailure } from './failure.ts'
import type { BuildLimits } from './limits.ts'
import { normalisePermissions } from './normalise-permissions.ts'
import { type KnownFiles, digestTree, filesBelow } from './reuse/digest-tree.ts'
import { copyTree } from './reuse/link-tree.ts'
import { microKey } from './reuse/keys.ts'
import type { MicroProvenance } from './reuse/provenance.ts'
import { type Reuse, linkOne } from './reuse/reuse.ts'
import { installedPackages } from './sbom/installed-packages.ts'
import type { BuildDeps, BuildInput, BuiltMicro } from './types.ts'
import { createMicroTools } from './tools/micro-tools.ts'
import { withRunTools } from './tools/run-tools.ts'
import { answerNodeManifests } from './vanished/answer-manifests.ts'
import { refuseForeignPackages } from './vanished/refuse-foreign.ts'
import type { Supplies } from './vanished/supplies.ts'
import { type Place, findPlace } from './workspaces/find-place.ts'
import { type WorkBounds, requireWithin } from './work-bounds.ts'

/** The push that a micro belongs to. */
export interface PushInProgress {
  readonly input: BuildInput
  readonly deps: BuildDeps
  readonly reuse: Reuse
  readonly bounds: WorkBounds
  readonly caches: Caches
  readonly supplies: Supplies
  /** The unpacked upload, which no build changes. Absolute. */
  readonly source: string
  /** Its files. */
  readonly files: KnownFiles
  /** Where the micros of the revision are put together. Absolute. */
  readonly artifacts: string
  /** Work folders, one below it for each micro. Absolute. */
  readonly work: string
}

/** Takes a micro from an earlier revision, or builds it. Throws BuildFailure. */
export async function makeMicro(spec: MicroSpec, push: PushInProgress): Promise<MicroProvenance> {
  const { input, reuse, source, artifacts } = push
  await requireSource(source, spec)
  const place = await findPlace(source, spec)
  const digest = await digestTree(join(source, place.root), filesBelow(push.files, place.root))
  const key = microKey(spec, digest, reuse.toolsKey)
  const linked = await linkOne(reuse, key, artifacts)
  if (linked !== null) {
    input.onLine(`Micro ${spec.name} is unchanged: reused from an earlier revision`)
    return linked
  }
  input.onLine(`Building micro ${spec.name}...`)
  if (place.path !== '.') input.onLine(`[${spec.name}] Its packages are those of ${folderName(place.root)}`)
  const made = await buildMicro(spec, place, push)
  return { key, ...made, bytes: await normaliseMicro(artifacts, spec.name, limitsOf(push.deps)) }
}

/** Most files of a push are those of the revision that serves. */
const EARLIER_ASKED = 2

type Made = Omit<MicroProvenance, 'key' | 'bytes'>

/** Packages are left in the work folder, or have been moved into the artifact. */
async function packagesOf(rootDir: string, artifactDir: string): Promise<string[]> {
  const found = [...(await installedPackages(rootDir)), ...(await installedPackages(artifactDir))]
  return [...new Set(found)].sort()
}

async function buildMicro(spec: MicroSpec, place: Place, push: PushInProgress): Promise<Made> {
  const { input, deps, bounds, caches, supplies, artifacts, work } = push
  const rootDir = join(work, spec.name)
  await mkdir(work, { recursive: true })
  const from = join(push.source, place.root)
  // Two micros may share a folder, and commands of one must not change the other. The last one needs no copy.
  if (spec === input.spacefile.micros.at(-1)) await rename(from, rootDir)
  else await copyTree(from, rootDir)
  await requireWithin(bounds)
  const dirs = {
    rootDir,
    path: place.path,
    artifactDir: join(artifacts, spec.name),
    earlierDirs: push.reuse.earlier.slice(0, EARLIER_ASKED).map(({ dir }) => join(dir, spec.name)),
    caches,
    supplies,
  }
  const { signal } = input
  using tools = createMicroTools({
    store: deps.tools ?? null,
    runner: deps.runner,
    log: logOf(spec, input),
    ...(signal ? { signal } : {}),
  })
  const context = createBuildContext(spec, dirs, input, { ...deps, tools, bounds })
  const built = await buildWithSupplies(context)
  const packages = await packagesOf(rootDir, dirs.artifactDir)
  await context.kept.finish()
  return {
    built: withRunTools(built, tools.list),
    tools: tools.list.map(({ name }) => name),
    packages,
    ...(tools.lacksTool ? { lacksTool: true } : {}),
  }
}

/** Vanished packages come from this server while the micro is built, and are refused from elsewhere. */
async function buildWithSupplies(context: BuildContext): Promise<BuiltMicro> {
  const { spec, rootDir, artifactDir, supplies } = context
  const build = ENGINES[spec.engine.family]
  // Nothing is installed for files that are served as they are.
  if (spec.engine.family === 'static' && spec.commands.length === 0) return build(context)
  const manifests = await answerNodeManifests(rootDir, supplies.tarballs)
  for (const notice of manifests.notices) context.log(notice)
  const micro = await build(context)
  for (const dir of [rootDir, artifactDir]) await refuseForeignPackages(dir, spec.name)
  await manifests.restore(artifactDir)
  return micro
}

const folderName = (path: string): string => (path === '.' ? 'the project' : path)

async function requireSource(source: string, spec: MicroSpec): Promise<void> {
  const stat = await lstat(join(source, spec.src)).catch(() => null)
  if (stat?.isDirectory()) return
  throw new BuildFailure(
    'user',
    `The folder \`${spec.src}\` of micro \`${spec.name}\` is not in the upload. Correct \`src\` in the Spacefile, or check whether .spaceignore excludes the folder.`,
  )
}

/** The micro's folder and, for static files, the folders beside it with the compressed copies. */
async function normaliseMicro(artifacts: string, name: string, limits: BuildLimits): Promise<number> {
  let bytes = 0
  for (const folder of [name, `${name}.br`, `${name}.gz`])
    if (existsSync(join(artifacts, folder)))
      bytes += await normalisePermissions(join(artifacts, folder), name, limits)
  return bytes
}
