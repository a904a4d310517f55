import { existsSync } from 'node:fs'
import { cp, lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { MicroSpec } from '../spacefile/index.ts'
import { type BuildContext, createBuildContext, limitsOf, type Caches } from './build-context.ts'
import { ENGINES } from './engines/engines.ts'
import { BuildFailure } from './failure.ts'
import type { BuildLimits } from './limits.ts'
import { normalisePermissions } from './normalise-permissions.ts'
import { digestTree } from './reuse/digest-tree.ts'
import { microKey } from './reuse/keys.ts'
import type { MicroProvenance } from './reuse/provenance.ts'
import { type Reuse, linkOne } from './reuse/reuse.ts'
import { withRunTools } from './tools/run-tools.ts'
import type { BuildDeps, BuildInput, BuiltMicro } from './types.ts'
import { answerNodeManifests } from './vanished/answer-manifests.ts'
import { refuseForeignPackages } from './vanished/refuse-foreign.ts'
import type { Supplies } from './vanished/supplies.ts'
import { type WorkBounds, requireWithin } from './work-bounds.ts'

/** The push that a micro belongs to. */
export interface PushInProgress {
  readonly input: BuildInput
  readonly deps: BuildDeps
  readonly reuse: Reuse
  readonly bounds: WorkBounds
  readonly caches: Caches
  readonly supplies: Supplies
  /** The unpacked upload. Absolute. */
  readonly source: string
  /** Where the micros of the revision are put together. Absolute. */
  readonly artifacts: string
  /** Work folders, one below it for each micro. Absolute. */
  readonly work: string
}

/** Takes a micro from an earlier revision, or builds it. Throws BuildFailure. */
export async function makeMicro(spec: MicroSpec, push: PushInProgress): Promise<MicroProvenance> {
  const { input, reuse, source, artifacts } = push
  const from = await sourceOf(source, spec)
  const key = microKey(spec, await digestTree(from), reuse.toolsKey)
  const linked = await linkOne(reuse, key, artifacts)
  if (linked !== null) {
    input.onLine(`Micro ${spec.name} is unchanged: reused from an earlier revision`)
    return linked
  }
  input.onLine(`Building micro ${spec.name}...`)
  const { built, lacksTool } = await buildMicro(spec, from, push)
  const bytes = await normaliseMicro(artifacts, spec.name, limitsOf(push.deps))
  return { key, built, bytes, ...(lacksTool ? { lacksTool } : {}) }
}

async function buildMicro(
  spec: MicroSpec,
  from: string,
  push: PushInProgress,
): Promise<{ built: BuiltMicro; lacksTool: boolean }> {
  const { input, deps, bounds, caches, supplies, artifacts, work } = push
  const workDir = join(work, spec.name)
  // Two micros may share a folder, and commands of one must not change the other.
  await cp(from, workDir, { recursive: true })
  await requireWithin(bounds)
  const artifactDir = join(artifacts, spec.name)
  const dirs = { workDir, artifactDir, caches, supplies }
  const context = createBuildContext(spec, dirs, input, { ...deps, bounds })
  using tools = context.tools
  const built = withRunTools(await buildWithSupplies(context), tools.list)
  return { built, lacksTool: tools.lacksTool }
}

/** Vanished packages come from this server while the micro is built, and are refused from elsewhere. */
async function buildWithSupplies(context: BuildContext): Promise<BuiltMicro> {
  const { spec, workDir, artifactDir, supplies } = context
  const build = ENGINES[spec.engine.family]
  // Nothing is installed for files that are served as they are.
  if (spec.engine.family === 'static' && spec.commands.length === 0) return build(context)
  const manifests = await answerNodeManifests(workDir, supplies.tarballs)
  for (const notice of manifests.notices) context.log(notice)
  const micro = await build(context)
  for (const dir of [workDir, artifactDir]) await refuseForeignPackages(dir, spec.name)
  await manifests.restore(artifactDir)
  return micro
}

/** The uploaded folder of a micro. */
async function sourceOf(source: string, spec: MicroSpec): Promise<string> {
  const from = join(source, spec.src)
  const stat = await lstat(from).catch(() => null)
  if (stat?.isDirectory()) return from
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
