import { ConfigError } from '../config/index.ts'

/** Codes of the command itself; a code from the server is passed on unchanged. */
export type CliErrorCode =
  /** Wrong arguments; exit code 2. */
  | 'usage'
  /** The user declined, or pressed Ctrl-C (exit code 130); commands after `&&` do not run. */
  | 'cancelled'
  /** A question must be asked, and the terminal is not interactive. */
  | 'not_interactive'
  | 'no_server'
  | 'not_ownspace'
  /** An Ownspace, at a name that is not the one of its Home. */
  | 'not_home'
  | 'connection_lost'
  | 'not_logged_in'
  | 'unauthorized'
  | 'bad_config'
  | 'no_spacefile'
  | 'invalid_spacefile'
  | 'bad_file'
  | 'too_large'
  | 'not_found'
  | 'ambiguous'
  /** `domains check`: not verified yet; a script may retry. */
  | 'pending'
  | 'login_failed'
  | 'build_failed'
  | 'start_failed'
  /** `doctor`: apps would run without a sandbox, or not at all. */
  | 'no_sandbox'
  /** A server's certificate is not trusted; `doctor`: browsers would reject it. */
  | 'bad_certificate'
  /** `doctor`: the disk has too little room for pushes. */
  | 'no_space'
  /** `doctor --install`: packages could not be installed. */
  | 'install_failed'
  /** `audit`: packages have known vulnerabilities. */
  | 'vulnerable'
  /** `audit`: nothing was found, but not every registry could be asked; exit code 3. */
  | 'not_audited'
  /** `collections import`: some items or files could not be stored. */
  | 'incomplete'
  /** A bug in this command. */
  | 'internal'

export interface CliErrorOptions {
  /** What to type next, one line each. */
  readonly hints?: readonly string[]
  /** Lines shown between message and hints: diagnostics, the end of a log. */
  readonly details?: readonly string[]
  readonly exitCode?: number
  /** Printed with `--json` in place of the failure, by a command that has a result although it fails. */
  readonly result?: object
  readonly cause?: unknown
}

/** A failure with what failed, why, and what to type next. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly hints: readonly string[]
  readonly details: readonly string[]
  readonly exitCode: number
  readonly result: object | undefined

  constructor(
    readonly code: CliErrorCode | (string & {}),
    message: string,
    options: CliErrorOptions = {},
  ) {
    super(message, { cause: options.cause })
    this.hints = options.hints ?? []
    this.details = options.details ?? []
    this.exitCode = options.exitCode ?? 1
    this.result = options.result
  }
}

export const usageError = (message: string, ...hints: string[]) =>
  new CliError('usage', message, { hints, exitCode: 2 })

/** Any thrown value as a CliError; an unexpected one is a bug and shows its stack. */
export function toCliError(error: unknown): CliError {
  if (error instanceof CliError) return error
  if (error instanceof ConfigError) {
    const [message = '', ...hints] = error.message.split('\n')
    return usageError(message, ...hints)
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new CliError('internal', 'The command failed unexpectedly; this is a bug.', {
    details: stack.split('\n'),
    cause: error,
  })
}
