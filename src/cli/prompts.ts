/** Questions at the terminal, on stderr. Ctrl-C throws `cancelled`. Only for `cli.isInteractive`. */
import type { Cli } from './context.ts'
import { CliError } from './failure.ts'

export interface Choice<T extends string> {
  readonly value: T
  readonly label: string
  readonly hint?: string
}

export async function askText(
  cli: Cli,
  message: string,
  options: { suggestion?: string; check?: (value: string) => string | undefined } = {},
): Promise<string> {
  const { text } = await import('@clack/prompts')
  const { suggestion = '', check } = options
  const answer = await text({
    ...streams(cli),
    message,
    placeholder: suggestion,
    defaultValue: suggestion,
    validate: (value) => check?.(value || suggestion),
  })
  return given(answer).trim()
}

/** Input without echo. `signal` cancels the question; the answer is then null. */
export async function askSecret(
  cli: Cli,
  message: string,
  options: { check?: (value: string) => string | undefined; signal?: AbortSignal } = {},
): Promise<string | null> {
  const { password } = await import('@clack/prompts')
  const { check, signal } = options
  const answer = await password({
    ...streams(cli),
    message,
    signal,
    validate: (value) => check?.(value ?? ''),
  })
  return signal?.aborted ? null : given(answer)
}

export async function askYesNo(cli: Cli, message: string, initialValue: boolean): Promise<boolean> {
  const { confirm } = await import('@clack/prompts')
  return given(await confirm({ ...streams(cli), message, initialValue }))
}

export async function choose<T extends string>(
  cli: Cli,
  message: string,
  choices: readonly Choice<T>[],
): Promise<T> {
  const { select } = await import('@clack/prompts')
  const options = choices.map(({ value, label, hint }) => ({ value: value as string, label, hint }))
  return given(await select({ ...streams(cli), message, options })) as T
}

const streams = (cli: Cli) => ({ input: cli.stdin, output: cli.stderr })

function given<T>(answer: T): Exclude<T, symbol> {
  if (typeof answer === 'symbol') throw new CliError('cancelled', 'Cancelled.', { exitCode: 130 })
  return answer as Exclude<T, symbol>
}
