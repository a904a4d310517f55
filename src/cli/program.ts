import { Command, CommanderError } from 'commander'
import type { Cli } from './context.ts'
import { type CliError, usageError } from './failure.ts'
import { styleHelp } from './help.ts'
import { addInputs, readInputs } from './inputs.ts'
import { COMMAND_NAMES, FAMILIES, type LoadedCommand, loadCommands } from './registry.ts'
import { versionLine } from './version.ts'

/** Finds the command, parses its input and runs it. Throws CliError; `usage` for anything that cannot be parsed. */
export async function runProgram(cli: Cli, argv: readonly string[]): Promise<void> {
  const words = argv.length > 0 ? argv : ['--help']
  const program = createProgram(cli, await loadCommands(words[0]))
  try {
    await program.parseAsync(words, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0) throw asUsageError(error, argv)
  }
}

function createProgram(cli: Cli, commands: readonly LoadedCommand[]): Command {
  const program = withHelp(new Command(cli.command))
    .description('Your own personal cloud: push an app, it is live, and it is private.')
    .version(versionLine(), '-v, --version', 'print the version')
    .exitOverride()
    .configureHelp(styleHelp(cli.out.colors))
    .configureOutput({
      writeOut: (text) => cli.out.line(text.trimEnd()),
      writeErr: (text) => cli.err.line(text.trimEnd()),
      // The thrown error carries the text, which is printed once, in our format.
      outputError: () => {},
      getOutHasColors: () => cli.out.colors.isColorSupported,
      getErrHasColors: () => cli.err.colors.isColorSupported,
    })
  for (const command of commands) addCommand(program, command, cli)
  return program
}

const withHelp = (command: Command) => command.helpOption('-h, --help', 'print this help').helpCommand(false)

function addCommand(program: Command, { heading, spec }: LoadedCommand, cli: Cli): void {
  const words = spec.name.split(' ')
  const parent = words.length > 1 ? groupOf(program, words[0]!, heading) : program
  const command = withHelp(parent.command(words.at(-1)!)).description(spec.summary)
  if (parent === program) command.helpGroup(`${heading}:`)
  addInputs(command, spec.input)
  command.action(() => spec.run(cli, readInputs(command, spec.input)))
}

/** `keys` of `keys create`. */
function groupOf(program: Command, name: string, heading: string): Command {
  const found = program.commands.find((command) => command.name() === name)
  return (
    found ??
    withHelp(program.command(name))
      .description(FAMILIES[name] ?? '')
      .helpGroup(`${heading}:`)
  )
}

/** Converts commander's `error: unknown command 'psh'\n(Did you mean push?)` to a usage error. */
function asUsageError(error: CommanderError, argv: readonly string[]): CliError {
  const words = knownWords(argv)
  const place = ['space', ...words].join(' ')
  const what = COMMAND_NAMES.includes(words.join(' ')) ? 'options' : 'commands'
  const more = `See all ${what}: ${place} --help`
  if (error.code === 'commander.help') return usageError('A command is missing', more)
  const [problem = '', suggestion] = error.message.replace(/^error: /, '').split('\n')
  const meant = likelyMeant(problem, suggestion)
  const message = `${problem.charAt(0).toUpperCase()}${problem.slice(1)}`
  return usageError(message, ...(meant ? [`Did you mean: ${place} ${meant}`] : []), more)
}

/** Commander's guess can be far from what was typed; the first letter of a typing error is mostly right. */
function likelyMeant(problem: string, suggestion: string | undefined): string | undefined {
  const [, guesses = ''] = suggestion?.match(/\(Did you mean (?:one of )?(.*)\?\)/) ?? []
  const [, start = ''] = problem.match(/'(-*.)/) ?? []
  return guesses.split(', ').find((guess) => guess !== '' && guess.startsWith(start))
}

/** The leading words that name a command, or a family of commands. */
const knownWords = (argv: readonly string[]): readonly string[] =>
  [argv.slice(0, 2), argv.slice(0, 1)].find(beginsCommand) ?? []

const beginsCommand = (words: readonly string[]) =>
  words.length > 0 && COMMAND_NAMES.some((name) => `${name} `.startsWith(`${words.join(' ')} `))
