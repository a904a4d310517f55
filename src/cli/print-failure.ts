import { type Cli, printJson } from './context.ts'
import { type CliError, toCliError } from './failure.ts'
import { printable } from './printable.ts'

/** Prints a failure and returns the exit code. With `--json`, stdout carries it as `{"error":{code,message}}`, or its result. */
export function printFailure(cli: Cli, thrown: unknown): number {
  const error = toCliError(thrown)
  for (const line of failureLines(cli, error)) cli.err.line(line)
  if (cli.wantsJson)
    printJson(cli, error.result ?? { error: { code: error.code, message: fullMessage(error) } })
  return error.exitCode
}

function failureLines(cli: Cli, error: CliError): string[] {
  const { red, yellow, bold } = cli.err.colors
  const mark = error.code === 'cancelled' ? yellow('!') : red('✗')
  const details =
    error.details.length > 0 ? ['', ...error.details.map((line) => `  ${line}`.trimEnd()), ''] : []
  return [
    `${mark} ${error.message}`,
    ...details,
    ...error.hints.map(
      (hint) => `  ${showCommand(hint, (line) => bold(line.replace('space', cli.command)))}`,
    ),
  ]
}

/** Hints are written as `Why: space push`; what follows the colon is to be typed. */
const showCommand = (hint: string, show: (command: string) => string) =>
  hint.replace(/(?<=: )(space|npm) .*$/, show)

function fullMessage({ message, details, hints }: CliError): string {
  return [message, ...details.map((line) => printable(line)), ...hints].join('\n')
}
