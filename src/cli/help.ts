import type { HelpConfiguration } from 'commander'
import type { Colors } from './output.ts'

/** Style of the help output. */
export function styleHelp(colors: Colors): HelpConfiguration {
  return {
    helpWidth: 100,
    styleTitle: (title) => colors.bold(title),
    styleCommandText: (command) => colors.cyan(command),
    styleSubcommandText: (command) => colors.cyan(command),
    styleOptionText: (option) => option,
    subcommandTerm: (command) =>
      [
        command.name(),
        ...command.registeredArguments.map((arg) => (arg.required ? `<${arg.name()}>` : `[${arg.name()}]`)),
      ].join(' '),
    optionDescription: (option) =>
      option.defaultValue && option.defaultValue !== './'
        ? `${option.description} (${option.defaultValue})`
        : option.description,
  }
}
