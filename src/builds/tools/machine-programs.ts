import type { BuildRunner } from '../../runner/index.ts'
import { askRegistry } from './registry.ts'
import { isExactVersion } from './tool-name.ts'

/** Versions of this machine's programs as a sandbox sees them; null: not there. */
export interface MachinePrograms {
  readonly node: string | null
  readonly npm: string | null
}

/** Asks the programs themselves; `dir` is for a temporary folder. */
export function askMachine(dir: string, runner: BuildRunner, signal?: AbortSignal): Promise<MachinePrograms> {
  const script = 'echo "node $(node --version)"; echo "npm $(npm --version)"'
  return askRegistry(script, { dir, runner, ...(signal ? { signal } : {}) }, async (lines) => ({
    node: versionIn(lines, 'node'),
    npm: versionIn(lines, 'npm'),
  }))
}

function versionIn(lines: readonly string[], program: string): string | null {
  const text = lines.find((line) => line.startsWith(`${program} `))?.slice(program.length + 1)
  const version = text?.replace(/^v/, '').trim() ?? ''
  return isExactVersion(version) ? version : null
}
