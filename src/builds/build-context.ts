import type { MicroSpec } from '../spacefile/index.ts'
import type { BuildCommand } from '../runner/index.ts'
import { commandFailure } from './blame/blame.ts'
import type { FailedStep } from './blame/cause.ts'
import { isProgressNoise } from './blame/progress-noise.ts'
import type { BuildFailure } from './failure.ts'
import type { CacheLease } from './build-caches.ts'
import { BUILD_LIMITS, type BuildLimits } from './limits.ts'
import { cacheEnvironment } from './package-manager.ts'
import { makeRunnable } from './runnable-files.ts'
import { STAND_INS, missingPackages } from './stand-ins.ts'
import type { BuildDeps, BuildInput, BuiltMicro } from './types.ts'
import { type MicroTools, createMicroTools } from './tools/micro-tools.ts'
import { allowLegacyOpenssl } from './tools/openssl-legacy.ts'
import type { Supplies } from './vanished/supplies.ts'
import type { WorkBounds } from './work-bounds.ts'

/** One micro that is being built; what an engine works with. */
export interface BuildContext {
  readonly spec: MicroSpec
  /** The micro's `src`, writable, and the working directory of its commands. Absolute. */
  readonly workDir: string
  /** The micro's folder in the revision; does not exist yet. Absolute. */
  readonly artifactDir: string
  readonly caches: Caches
  readonly supplies: Supplies
  readonly limits: BuildLimits
  /** A line for the developer, `[web] …`. */
  readonly log: (line: string) => void
  readonly run: (step: Step) => Promise<StepResult>
  /** Programs of the versions that the micro asks for. */
  readonly tools: MicroTools
}

export type Caches = Pick<CacheLease, 'shared' | 'own' | 'trees'>

export interface MicroDirs {
  readonly workDir: string
  readonly artifactDir: string
  readonly caches: Caches
  /** Our own packages under names that have vanished from registries. */
  readonly supplies: Supplies
}

/** An engine turns a prepared work folder into the artifact that is served. Throws BuildFailure. */
export type EngineBuilder = (build: BuildContext) => Promise<BuiltMicro>

export interface Step {
  readonly script: string
  readonly cacheDir: string
  readonly timeoutMs: number
  /** Variables of this step only. */
  readonly env?: Readonly<Record<string, string>>
  /** Variables that pin packages of ours, where they differ from those of every step. */
  readonly pins?: Readonly<Record<string, string>>
  /** Folders of the server that the step may read. Absolute. */
  readonly readOnly?: readonly string[]
}

/** `tail`: the last lines it printed without progress noise, to distinguish a mistake in the app from an unreachable registry. */
export type StepResult = { readonly kind: 'ok' } | ({ readonly kind: 'failed' } & FailedStep)

const TAIL_LINES = 40

export function createBuildContext(
  spec: MicroSpec,
  dirs: MicroDirs,
  input: BuildInput,
  deps: Pick<BuildDeps, 'runner' | 'workBytes' | 'limits' | 'tools'> & { readonly bounds: WorkBounds },
): BuildContext {
  const log = (line: string) => input.onLine(`[${spec.name}] ${line}`.slice(0, BUILD_LIMITS.logLineLength))
  const { signal } = input
  const tools = createMicroTools({
    store: deps.tools ?? null,
    runner: deps.runner,
    log,
    ...(signal ? { signal } : {}),
  })
  const run = async ({ env, pins, ...step }: Step): Promise<StepResult> => {
    const tail: string[] = []
    const onLine = (line: string) => {
      if (!isProgressNoise(line) && tail.push(line.slice(0, 500)) > TAIL_LINES) tail.shift()
      if (line.trim() !== '') log(line)
    }
    let reason: BuildFailure | null = null
    const stopWhen = async () => (reason ??= await deps.bounds.check()) !== null
    const command: BuildCommand = {
      ...step,
      stopWhen,
      ...(input.signal ? { signal: input.signal } : {}),
      maxFileBytes: deps.workBytes,
      dir: dirs.workDir,
      env: {
        ...env,
        ...input.env,
        ...BUILD_ENV,
        ...cacheEnvironment(step.cacheDir),
        ...tools.env,
        ...(pins ?? dirs.supplies.env),
      },
      readOnly: [dirs.supplies.dir, ...(step.readOnly ?? [])],
      tools: [...tools.list],
      onLine,
    }
    const result = await deps.runner.runBuild(command)
    // Once more at the end: a build can write much between two checks.
    if (await stopWhen()) throw reason!
    return result.kind === 'ok' ? result : { ...result, tail: tail.join('\n') }
  }
  return { spec, ...dirs, limits: limitsOf(deps), log, run, tools }
}

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
  // The server has chosen the version already; each of these would refuse it or download another.
  COREPACK_ENABLE_STRICT: '0',
  npm_config_package_manager_strict: 'false',
  npm_config_manage_package_manager_versions: 'false',
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
  const lines = commands.flatMap((command) => [`printf '%s\\n' ${quote(`$ ${command}`)}`, command])
  for (const command of commands) await makeRunnable(build.workDir, command)
  const result = await build.run({
    script: [STAND_INS, 'set -e', ...prelude, ...lines].join('\n'),
    ...(pins ? { pins } : {}),
    cacheDir: build.caches.own,
    timeoutMs: build.limits.commandsMs,
    env: presetsOf(build.spec),
  })
  if (result.kind === 'failed') throw commandFailure(build.spec.name, result, missingPackages(result.tail))
}

/** As at run time, where the owner has set no values (COMPAT 2.2). Not for installs: `NODE_ENV` would change what they install. */
const presetsOf = ({ env }: MicroSpec): Record<string, string> =>
  Object.fromEntries(env.map((preset) => [preset.name, preset.default]))

/** Quotes a text as one word of a POSIX shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
