import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { detectSandbox } from '../local/sandbox/detect.ts'
import type { Sandbox } from '../local/sandbox/sandbox.ts'

export type ActiveSandbox = Extract<Sandbox, { kind: 'sandboxed' }>

/** The real sandbox of this machine, or null after saying loudly what is missing. */
export async function sandboxOrSkip(): Promise<ActiveSandbox | null> {
  const sandbox = await detectSandbox('auto')
  if (sandbox.kind === 'sandboxed') return sandbox
  process.stderr.write(`\nSKIPPED: the tests of the sandbox. ${sandbox.summary}\n\n`)
  return null
}

/** A temporary folder that other host users can walk through. */
export interface SandboxHarness extends Disposable {
  readonly dir: string
  /** Writes files below `name` and returns that folder. */
  folder(name: string, files?: Readonly<Record<string, string>>): string
}

export function openSandboxHarness(): SandboxHarness {
  const dir = mkdtempSync(join(tmpdir(), 'runtime-test-'))
  return {
    dir,
    folder: (name, files = {}) => {
      const folder = join(dir, name)
      mkdirSync(folder, { recursive: true })
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), content)
      }
      chmodSync(folder, 0o755)
      return folder
    },
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  }
}
