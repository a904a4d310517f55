import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { installFailure } from '../blame/blame.ts'
import type { BuildContext, StepResult } from '../build-context.ts'
import { PYTHON_PACKAGES } from '../engines/python-packages.ts'
import { VANISHED_PYTHON } from '../vanished/table.ts'
import { answerRequirements, type AnsweredRequirements } from './answer-requirements.ts'
import { codeOfItsTime } from './code-of-its-time.ts'
import { fetchUv } from './fetch-uv.ts'
import { findRequirements } from './find-requirements.ts'
import { FILES, installScript } from './install-script.ts'
import { OLD_BUILD_TOOLS, relaxPin, troubleOf } from './relax-pins.ts'

/** Most packages whose pins are relaxed in one build. */
const MAX_RELAXED = 6

export interface Installed {
  /** Variables that pin the packages of ours, for the commands of the app. */
  readonly pins?: Readonly<Record<string, string>>
  readonly uv: string | null
}

/**
 * Sets up Python and installs what the project lists. When that fails, the next less exact way is tried, and the log says
 * which and why. Throws BuildFailure.
 */
export async function installPythonPackages(build: BuildContext): Promise<Installed> {
  const ways = await findRequirements(build.workDir)
  const hasVersion = /^python3\.\d+$/.test(build.spec.engine.name)
  const uv = ways.length > 0 || hasVersion ? await fetchUv(build) : null
  if (ways.length === 0) {
    await requireSuccess(build, 'Python', await setUpOnly(build, uv))
    return { uv }
  }
  const bounds = await codeOfItsTime(build.workDir)
  for (const [at, way] of ways.entries()) {
    const asked = answerRequirements(way, build.supplies, bounds)
    for (const notice of asked.notices) build.log(notice)
    build.log(`Installing dependencies of ${way.source} with ${uv ? 'uv' : 'pip'}...`)
    const result = await installWithLadder(build, asked, uv)
    if (result.kind === 'ok') {
      await reportSupplied(build, asked.notices)
      return { pins: asked.pins, uv }
    }
    const next = ways[at + 1]
    if (next === undefined) throw installFailure(build.spec.name, uv ? 'uv' : 'pip', result)
    build.log(
      `${way.source} cannot be installed any more. Resolving ${next.source} without it: versions may differ.`,
    )
  }
  throw new Error('a way that failed was neither the last nor followed by another')
}

/** Packages of others may need one of ours, which the project itself does not list. */
async function reportSupplied(build: BuildContext, notices: readonly string[]): Promise<void> {
  const names: string[] = await readdir(join(build.workDir, PYTHON_PACKAGES)).catch(() => [])
  for (const { name, notice } of VANISHED_PYTHON)
    if (names.includes(name) && !notices.some((line) => line.startsWith(notice))) build.log(notice)
}

function setUpOnly(build: BuildContext, uv: string | null): Promise<StepResult> {
  const script = installScript({
    engine: build.spec.engine.name,
    uv,
    target: PYTHON_PACKAGES,
    arguments: [],
    buildConstraints: false,
  })
  return runStep(build, script, uv)
}

async function requireSuccess(build: BuildContext, tool: string, result: StepResult): Promise<void> {
  if (result.kind === 'failed') throw installFailure(build.spec.name, tool, result)
}

/** As asked, then with build tools of the time, then with the pin of each package that cannot be built relaxed. */
async function installWithLadder(
  build: BuildContext,
  asked: AnsweredRequirements,
  uv: string | null,
): Promise<StepResult> {
  let now = asked
  let buildConstraints = ''
  for (let relaxed = 0; ;) {
    const result = await installOnce(build, now, uv, buildConstraints)
    const trouble = result.kind === 'failed' && result.exitCode !== null ? troubleOf(result.tail) : null
    if (trouble === null) return result
    if (buildConstraints === '') {
      build.log(
        `${trouble.package ?? 'A package'} could not be built. Retrying with the build tools of its time (${OLD_BUILD_TOOLS.trim().replace('\n', ', ')}).`,
      )
      buildConstraints = OLD_BUILD_TOOLS
      continue
    }
    const change = trouble.package === null ? null : relaxPin(now.requirements, trouble.package)
    if (change === null || ++relaxed > MAX_RELAXED) return result
    build.log(`${change.from} cannot be built for this Python. Retrying with ${change.to}.`)
    now = { ...now, requirements: withoutHashes(change.lines), isComplete: false }
  }
}

const withoutHashes = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.replaceAll(/\s--hash[=\s]\S+/g, ''))

async function installOnce(
  build: BuildContext,
  { requirements, constraints, options, isComplete, pins }: AnsweredRequirements,
  uv: string | null,
  buildConstraints: string,
): Promise<StepResult> {
  const files = [
    [FILES.requirements, [...options, ...requirements, ''].join('\n')],
    [FILES.constraints, [...constraints, ''].join('\n')],
    [FILES.buildConstraints, buildConstraints],
  ] as const
  const paths = files.map(([name]) => join(build.workDir, name))
  for (const path of paths) await rm(path, { recursive: true, force: true })
  await rm(join(build.workDir, PYTHON_PACKAGES), { recursive: true, force: true })
  for (const [name, text] of files) await writeFile(join(build.workDir, name), text, { flag: 'wx' })
  const script = installScript({
    engine: build.spec.engine.name,
    uv,
    target: PYTHON_PACKAGES,
    arguments: [
      `-r ${FILES.requirements}`,
      ...(constraints.length > 0 ? [`-c ${FILES.constraints}`] : []),
      ...(isComplete ? ['--no-deps'] : []),
    ],
    buildConstraints: buildConstraints !== '',
  })
  const result = await runStep(build, script, uv, pins)
  for (const path of paths) await rm(path, { recursive: true, force: true })
  return result
}

function runStep(
  build: BuildContext,
  script: string,
  uv: string | null,
  pins?: Readonly<Record<string, string>>,
): Promise<StepResult> {
  return build.run({
    script,
    ...(pins ? { pins } : {}),
    readOnly: uv === null ? [] : [uv],
    cacheDir: build.caches.own,
    timeoutMs: build.limits.installMs,
  })
}
