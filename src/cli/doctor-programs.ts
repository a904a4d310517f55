import { existsSync } from 'node:fs'
import type { ProgramName, ProgramVersions, Sandbox } from '../runner/index.ts'
import { type Cli, sayDone, sayNotice } from './context.ts'
import { CliError } from './failure.ts'
import { askYesNo } from './prompts.ts'

/** What apps need, and the packages of Debian and Ubuntu that have it. */
interface Need {
  /** Completes "… can be built". */
  readonly what: string
  readonly programs: readonly ProgramName[]
  readonly packages: readonly string[]
}

const NEEDS: readonly Need[] = [
  {
    what: 'The engines nodejs, static, react, vue, svelte, next, nuxt and svelte-kit',
    programs: ['node', 'npm'],
    packages: ['nodejs', 'npm'],
  },
  { what: 'The engine bun', programs: ['bun'], packages: [] },
  { what: 'The python engines', programs: ['python3', 'pip'], packages: ['python3', 'python3-pip'] },
  { what: 'Apps in Go', programs: ['go'], packages: ['golang-go'] },
  { what: 'Apps in Rust', programs: ['cargo'], packages: ['cargo'] },
  { what: 'Native modules', programs: ['cc', 'make'], packages: ['build-essential'] },
  { what: 'Dependencies from git', programs: ['git'], packages: ['git'] },
]

export interface ProgramReport {
  readonly programs: ProgramVersions | null
  /** That one `apt-get install` would add. */
  readonly missing_packages: readonly string[]
}

/** Prints which engines work on this machine, with versions, and what to install for the others. */
export async function checkPrograms(cli: Cli, sandbox: Sandbox): Promise<ProgramReport> {
  if (sandbox.kind === 'refused') return { programs: null, missing_packages: [] }
  const { probePrograms } = await import('../runner/index.ts')
  const versions = await probePrograms(sandbox)
  const missing = NEEDS.filter(({ programs }) => programs.some((name) => versions[name] === null))
  for (const need of NEEDS) {
    if (missing.includes(need)) sayNotice(cli, lackOf(need, versions))
    else sayDone(cli, `${need.what}: ${need.programs.map((name) => `${name} ${versions[name]}`).join(', ')}`)
  }
  if (versions.npm !== null)
    sayDone(
      cli,
      'Fetched from the npm registry when an app asks for them: Node 16 to 24, npm, pnpm, Yarn, Bun, Deno',
    )
  return { programs: versions, missing_packages: missing.flatMap(({ packages }) => packages) }
}

function lackOf({ what, programs, packages }: Need, versions: ProgramVersions): string {
  const lacks = programs.filter((name) => versions[name] === null).join(' and ')
  const remedy =
    packages.length > 0 ? `On Debian and Ubuntu, run: sudo ${aptCommand(packages).join(' ')}` : ''
  return `${what}: ${lacks} is missing. ${remedy}`.trim()
}

const aptCommand = (packages: readonly string[]): string[] => ['apt-get', 'install', '-y', ...packages]

/** A fixed path: PATH may name a folder that others can write to, and this runs as root. */
const APT = '/usr/bin/apt-get'

/** Installs packages with apt, after a question unless `isAgreed`. Throws CliError where it cannot. */
export async function installPackages(
  cli: Cli,
  packages: readonly string[],
  isAgreed: boolean,
): Promise<void> {
  if (packages.length === 0) return sayDone(cli, 'No package is missing.')
  const [, ...args] = aptCommand(packages)
  const command = aptCommand(packages).join(' ')
  if (!existsSync(APT))
    throw new CliError(
      'install_failed',
      'This machine has no apt-get: install the missing programs yourself.',
    )
  if (process.getuid?.() !== 0)
    throw new CliError('install_failed', `Only root can install packages. Run: sudo ${command}`)
  if (!isAgreed && !cli.isInteractive)
    throw new CliError('not_interactive', `Add --yes to run without a question: ${command}`)
  if (!isAgreed && !(await askYesNo(cli, `Run ${command}?`, true))) return
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive' }
  const child = Bun.spawn({ cmd: [APT, ...args], env, stdio: ['ignore', 2, 2] })
  if ((await child.exited) !== 0)
    throw new CliError('install_failed', `${command} failed. The lines above say why.`)
  sayDone(cli, `Installed ${packages.join(', ')}`)
}
