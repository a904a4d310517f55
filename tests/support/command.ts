/** The `space` command as a person runs it: through Node, in a folder, with a home of its own. */
import { join } from 'node:path'
import { serverEnvironment } from './server.ts'

const COMMAND = join(import.meta.dir, '../../bin/space.mjs')

export interface CommandResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface CommandOptions {
  readonly cwd: string
  /** Holds the command's configuration; a test's own folder. */
  readonly home: string
  readonly stdin?: string
  readonly env?: Record<string, string>
}

export async function space(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const child = Bun.spawn(['node', COMMAND, ...args], {
    cwd: options.cwd,
    env: {
      ...serverEnvironment(),
      HOME: options.home,
      XDG_CONFIG_HOME: join(options.home, '.config'),
      ...options.env,
    },
    stdin: options.stdin === undefined ? 'ignore' : new TextEncoder().encode(options.stdin),
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [stdout, stderr, exitCode] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { exitCode, stdout, stderr }
}

/** Runs a command that must succeed with `--json` and gives its answer. */
export async function spaceJson<T>(args: readonly string[], options: CommandOptions): Promise<T> {
  const result = await space([...args, '--json'], options)
  if (result.exitCode !== 0)
    throw new Error(
      `space ${args.join(' ')} ended with ${result.exitCode}:\n${result.stdout}${result.stderr}`,
    )
  return JSON.parse(result.stdout) as T
}
