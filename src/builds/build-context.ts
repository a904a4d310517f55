import { join } from 'node:path'
import type { MicroSpec } from '../spacefile/index.ts'
import type { BuildCommand } from '../runner/index.ts'
import { commandFailure } from './blame/blame.ts'
import type { FailedStep } from './blame/cause.ts'
import { namesServerFile } from './blame/progress-noise.ts'
import { createOutputEnd } from './blame/output-end.ts'
import type { BuildFailure } from './failure.ts'
import type { CacheLease } from './build-caches.ts'
import { type KeptFolders, createKeptFolders } from './kept-folders.ts'
import { BUILD_LIMITS, type BuildLimits } from './limits.ts'
import { cacheEnvironment } from './package-manager.ts'
import { makeRunnable } from './runnable-files.ts'
import { STAND_INS, missingPackages } from './stand-ins.ts'
import type { BuildDeps, BuildInput, BuiltMicro } from './types.ts'
import type { MicroTools } from './tools/micro-tools.ts'
import { allowLegacyOpenssl } from './tools/openssl-legacy.ts'
import type { Supplies } from './vanished/supplies.ts'
import type { WorkBounds } from './work-bounds.ts'

/** One micro that is being built; what an engine works with. */
export interface BuildContext {
  readonly spec: MicroSpec
  /** What a build step sees as its project, writable: the micro's `src`, or the root of the workspace around it. Absolute. */
  readonly rootDir: string
  /** From `rootDir` to the micro's `src`; `.` outside workspaces. */
  readonly path: string
  /** The micro's `src`, the working directory of its commands. Absolute. */
  readonly workDir: string
  /** The micro's folder in the revision; does not exist yet. Absolute. */
  readonly artifactDir: string
  /** Its folders in earlier revisions that may share files with this one, the best first. Each may be missing. Absolute. */
  readonly earlierDirs: readonly string[]
  readonly caches: Caches
  /** Our own packages under names that have vanished from registries. */
  readonly supplies: Supplies
  readonly kept: KeptFolders
  /** See BuildDeps. */
  readonly toolsKey: string
  /** Whether the files of a revision may share their content with others: no one writes to them. */
  readonly sharesFiles: boolean
  readonly limits: BuildLimits
  /** A line for the developer, `[web] …`. */
  readonly log: (line: string) => void
  readonly run: (step: Step) => Promise<StepResult>
  /** The same build with the root of the workspace as its work folder. */
  readonly atRoot: () => BuildContext
  /** Programs of the versions that the micro asks for. */
  readonly tools: MicroTools
}

export type Caches = Pick<CacheLease, 'shared' | 'own' | 'trees' | 'keptDir'>

export type MicroDirs = Pick<
  BuildContext,
  'rootDir' | 'path' | 'artifactDir' | 'earlierDirs' | 'caches' | 'supplies'
>

/** An engine turns a prepared work folder into the artifact that is served. Throws BuildFailure. */
export type EngineBuilder = (build: BuildContext) => Promise<BuiltMicro>

export interface Step {
  readonly script: string
  readonly cacheDir: string
  readonly timeoutMs: number
  readonly env?: Readonly<Record<string, string>>
  /** Variables that pin packages of ours, where they differ from those of every step. */
  readonly pins?: Readonly<Record<string, string>>
  /** Folders of the server that the step may read. Absolute. */
  readonly readOnly?: readonly string[]
  /** Variables of the app; ours win. */
  readonly presets?: Readonly<Record<string, string>>
}

/** `tail`: the last lines it printed without progress noise, to distinguish a mistake in the app from an unreachable registry. */
export type StepResult = { readonly kind: 'ok' } | ({ readonly kind: 'failed' } & FailedStep)

type ContextDeps = Omit<BuildDeps, 'caches' | 'tools'> & {
  readonly bounds: WorkBounds
  readonly tools: MicroTools
}

/** `deps.tools` are those of this micro, held by the caller. */
export function createBuildContext(
  spec: MicroSpec,
  dirs: MicroDirs,
  input: BuildInput,
  deps: ContextDeps,
): BuildContext {
  const workDir = join(dirs.rootDir, dirs.path)
  return {
    spec,
    ...dirs,
    workDir,
    atRoot: () => createBuildContext(spec, { ...dirs, path: '.' }, input, deps),
    tools: deps.tools,
    kept: createKeptFolders(dirs.caches.keptDir(spec.name), workDir),
    toolsKey: toolsKeyOf(deps),
    sharesFiles: deps.areRevisionsReadOnly !== false,
    limits: limitsOf(deps),
    log: logOf(spec, input),
    run: createRun(spec, dirs, input, deps),
  }
}

export const logOf =
  (spec: MicroSpec, { onLine }: BuildInput) =>
  (line: string): void =>
    onLine(`[${spec.name}] ${line}`.slice(0, BUILD_LIMITS.logLineLength))

function createRun(
  spec: MicroSpec,
  dirs: MicroDirs,
  input: BuildInput,
  deps: ContextDeps,
): BuildContext['run'] {
  const log = logOf(spec, input)
  const { tools } = deps
  return async (step) => {
    const end = createOutputEnd()
    const onLine = (line: string) => {
      if (namesServerFile(line)) return
      end.add(line)
      if (line.trim() !== '') log(line)
    }
    let reason: BuildFailure | null = null
    const stopWhen = async () => (reason ??= await deps.bounds.check()) !== null
    const command: BuildCommand = {
      ...step,
      stopWhen,
      ...(input.signal ? { signal: input.signal } : {}),
      maxFileBytes: deps.workBytes,
      script: scriptIn(dirs.path, step.script),
      dir: dirs.rootDir,
      env: {
        ...step.presets,
        ...input.env,
        ...BUILD_ENV,
        ...cacheEnvironment(step.cacheDir),
        ...tools.env,
        ...(step.pins ?? dirs.supplies.env),
        ...step.env,
      },
      readOnly: [dirs.supplies.dir, ...(step.readOnly ?? [])],
      tools: [...tools.list],
      onLine,
    }
    const result = await deps.runner.runBuild(command)
    // Once more at the end: a build can write much between two checks.
    if (await stopWhen()) throw reason!
    return result.kind === 'ok' ? result : { ...result, tail: end.text() }
  }
}

/** Programs of the member's own dependencies come first, as under `npm run`. */
const scriptIn = (path: string, script: string): string =>
  path === '.'
    ? script
    : [`cd ${quote(path)} || exit`, 'export PATH="$PWD/node_modules/.bin:$PATH"', script].join('\n')

export const toolsKeyOf = ({ toolsKey }: Pick<BuildDeps, 'toolsKey'>): string => toolsKey ?? process.version

/** The default limits with the settings of this server. */
export const limitsOf = ({ limits }: Pick<BuildDeps, 'limits'>): BuildLimits => ({
  ...BUILD_LIMITS,
  ...limits,
})

/** Apps test `DETA_SPACE`. `CI` is never set: Create React App would turn warnings into errors. */
const BUILD_ENV = {
  DETA_SPACE: 'true',
  DETA_SPACE_APP: 'true',
  // npm's notices about itself do not belong in a build log.
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
}

/**
 * Runs the `commands` of the Spacefile in one shell, so that `cd` and `export` last from line to line. `prelude`: lines of
 * an engine before them.
 */
export async function runCommands(
  build: BuildContext,
  commands: readonly string[] = build.spec.commands,
  { prelude = [], pins }: { readonly prelude?: readonly string[] } & Pick<Step, 'pins'> = {},
): Promise<void> {
  if (commands.length === 0) return
  await allowLegacyOpenssl(build)
  await build.kept.takeCaches()
  const lines = commands.flatMap((command) => [`printf '%s\\n' ${quote(`$ ${command}`)}`, command])
  for (const command of commands) await makeRunnable(build.workDir, command)
  const result = await build.run({
    script: [STAND_INS, 'set -e', ...prelude, ...lines].join('\n'),
    ...(pins ? { pins } : {}),
    cacheDir: build.caches.own,
    timeoutMs: build.limits.commandsMs,
    presets: presetsOf(build.spec),
  })
  if (result.kind === 'failed') throw commandFailure(build.spec.name, result, missingPackages(result.tail))
  await build.kept.keepCaches()
}

/** As at run time, where the owner has set no values (COMPAT 2.2). Not for installs: `NODE_ENV` would change what they install. */
const presetsOf = ({ env }: MicroSpec): Record<string, string> =>
  Object.fromEntries(env.map((preset) => [preset.name, preset.default]))

/** Quotes a text as one word of a POSIX shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
