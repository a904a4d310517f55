import type { ReadStream, WriteStream } from 'node:tty'
import { printable } from './printable.ts'
import { type Output, createOutput } from './output.ts'

/** What the process provides to a command; tests provide their own. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly stdin: ReadStream
  readonly stdout: WriteStream
  readonly stderr: WriteStream
  /** The clock; the machine's by default. */
  readonly now?: () => number
}

/** What every command receives besides its own input. */
export interface Cli {
  readonly env: Host['env']
  readonly cwd: string
  readonly stdin: ReadStream
  readonly stderr: WriteStream
  readonly out: Output
  readonly err: Output
  /** The terminal is interactive, so questions can be asked. Never with `--json`. */
  readonly isInteractive: boolean
  /** `--json`: stdout carries exactly one JSON object, also when the command fails. */
  readonly wantsJson: boolean
  /** How the command is invoked here, for hints: `space`, or `npx space`. */
  readonly command: string
  readonly now: () => number
}

export function createContext(host: Host, options: { wantsJson: boolean }): Cli {
  const isTerminal = Boolean(host.stdin.isTTY && host.stdout.isTTY && host.stderr.isTTY)
  return {
    env: host.env,
    cwd: host.cwd,
    stdin: host.stdin,
    stderr: host.stderr,
    out: createOutput(host.stdout, host.env),
    err: createOutput(host.stderr, host.env),
    isInteractive: isTerminal && !options.wantsJson && !host.env.CI,
    wantsJson: options.wantsJson,
    command: host.env.npm_command === 'exec' ? 'npx space' : 'space',
    now: host.now ?? Date.now,
  }
}

export const printJson = (cli: Cli, value: unknown) => cli.out.line(JSON.stringify(value))

/** `✓ …`: a completed step. */
export const sayDone = (cli: Cli, text: string) => sayMarked(cli, cli.err.colors.green('✓'), text)

/** `! …`: a notice. */
export const sayNotice = (cli: Cli, text: string) => sayMarked(cli, cli.err.colors.yellow('!'), text)

/** The text may contain names from a server. */
const sayMarked = (cli: Cli, mark: string, text: string) => cli.err.line(`${mark} ${printable(text, true)}`)

/** All of stdin as text. */
export async function readStdin(cli: Cli): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of cli.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}
