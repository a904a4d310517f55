import { ConfigError } from '../config/index.ts'

/** Codes of the command itself; a code that the server answered with is passed on as it came. */
export type CliErrorCode =
  /** Wrong arguments; exit code 2. */
  | 'usage'
  /** A question was answered with no, or left with Ctrl-C (exit code 130): `&&` does not go on. */
  | 'cancelled'
  /** A question would have to be asked, and there is nobody to answer it. */
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
  /** `domains check`: the proof is not there yet; a script may ask again. */
  | 'pending'
  | 'login_failed'
  | 'build_failed'
  | 'start_failed'
  /** `doctor`: apps would run without walls, or not at all. */
  | 'no_sandbox'
  /** A server's certificate is not to be trusted; `doctor`: one is not fit for browsers. */
  | 'bad_certificate'
  /** `doctor`: the disk has too little room for pushes. */
  | 'no_space'
  /** Not the user's doing: a bug in this command. */
  | 'internal'

export interface CliErrorOptions {
  /** What to type next, one line each. */
  readonly hints?: readonly string[]
  /** Lines shown between message and hints: diagnostics, the end of a log. */
  readonly details?: readonly string[]
  readonly exitCode?: number
  readonly cause?: unknown
}

/** A failure that its reader can do something about: what failed, why, and what to type next. */
export class CliError extends Error {
  override readonly name = 'CliError'
  readonly hints: readonly string[]
  readonly details: readonly string[]
  readonly exitCode: number

  constructor(
    readonly code: CliErrorCode | (string & {}),
    message: string,
    options: CliErrorOptions = {},
  ) {
    super(message, { cause: options.cause })
    this.hints = options.hints ?? []
    this.details = options.details ?? []
    this.exitCode = options.exitCode ?? 1
  }
}

export const usageError = (message: string, ...hints: string[]) =>
  new CliError('usage', message, { hints, exitCode: 2 })

/** Any thrown value as a CliError; a stranger is a bug of ours and shows its stack. */
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
