/** The `space` command as a person runs it: in a folder, with a home of its own. */
import { join } from 'node:path'
import { serverEnvironment } from './server.ts'

const COMMAND = join(import.meta.dir, '../../bin/space')

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
  return await startSpace(args, options).ended
}

export interface RunningCommand {
  readonly ended: Promise<CommandResult>
  /** Resolves with the first match in what it prints; rejects when it ends without one. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>
}

export function startSpace(args: readonly string[], options: CommandOptions): RunningCommand {
  const child = Bun.spawn([COMMAND, ...args], {
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
  const output = { stdout: '', stderr: '' }
  const listeners = new Set<() => void>()
  const read = async (name: 'stdout' | 'stderr') => {
    const decoder = new TextDecoder()
    for await (const chunk of child[name]) {
      output[name] += decoder.decode(chunk, { stream: true })
      for (const listener of listeners) listener()
    }
  }
  const ended = Promise.all([read('stdout'), read('stderr'), child.exited]).then(([, , exitCode]) => ({
    exitCode,
    ...output,
  }))
  const printed = (pattern: RegExp) =>
    new Promise<RegExpMatchArray>((resolve, reject) => {
      const look = () => {
        const match = (output.stdout + output.stderr).match(pattern)
        if (match) resolve(match)
      }
      listeners.add(look)
      look()
      void ended.then(() =>
        reject(new Error(`it ended without printing ${pattern}:\n${output.stdout}${output.stderr}`)),
      )
    })
  return { ended, printed }
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
