import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBuildRunner } from './build-command.ts'
import type { Sandbox } from './sandbox/sandbox.ts'

/** How each program says its version, in its first line. */
const PROGRAMS = {
  node: 'node --version',
  npm: 'npm --version',
  bun: 'bun --version',
  python3: 'python3 --version',
  pip: 'python3 -m pip --version',
  go: 'go version',
  cargo: 'cargo --version',
  uv: 'uv --version',
  cc: 'cc --version',
  make: 'make --version',
  git: 'git --version',
} as const

export type ProgramName = keyof typeof PROGRAMS
/** Null: builds do not find it. */
export type ProgramVersions = Readonly<Record<ProgramName, string | null>>

const PROBE_MS = 30_000

/** The programs that builds find on this machine, asked inside a sandbox, where not every program of the machine is there. */
export async function probePrograms(sandbox: Sandbox): Promise<ProgramVersions> {
  const parent = mkdtempSync(join(tmpdir(), 'ownspace-probe-'))
  const lines: string[] = []
  try {
    const dir = join(parent, 'app')
    mkdirSync(dir)
    await createBuildRunner({ sandbox })({
      script: Object.entries(PROGRAMS)
        .map(([name, command]) => `echo "${name}: $(${command} 2>/dev/null | head -n 1)"`)
        .join('\n'),
      dir,
      cacheDir: join(parent, 'cache'),
      env: {},
      timeoutMs: PROBE_MS,
      onLine: (line) => void lines.push(line),
    })
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
  const names = Object.keys(PROGRAMS) as ProgramName[]
  return Object.fromEntries(names.map((name) => [name, versionIn(lines, name)])) as ProgramVersions
}

function versionIn(lines: readonly string[], name: ProgramName): string | null {
  const text = lines.find((line) => line.startsWith(`${name}: `))
  return /\d+\.\d+(\.\d+)?/.exec(text ?? '')?.[0] ?? null
}
