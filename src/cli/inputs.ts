import { Argument, type Command, Option } from 'commander'
import type { Input, Inputs } from './command.ts'
import { usageError } from './failure.ts'

/** Declares a command's inputs to the parser; positional inputs in the order of the record. */
export function addInputs(command: Command, inputs: Inputs): void {
  for (const [key, input] of Object.entries(inputs)) {
    if (input.kind === 'argument') {
      command.addArgument(new Argument(input.isRequired ? `<${key}>` : `[${key}]`, input.help))
    } else {
      command.addOption(optionOf(key, input))
    }
  }
}

/** The parsed values by input name; an omitted flag is false. */
export function readInputs(command: Command, inputs: Inputs): Record<string, Value> {
  const positional: (string | undefined)[] = [...command.processedArgs]
  return Object.fromEntries(
    Object.entries(inputs).map(([key, input]) => {
      if (input.kind === 'argument') return [key, positional.shift()]
      const value: Value = command.getOptionValue(optionOf(key, input).attributeName())
      return [key, value ?? WITHOUT[input.kind]]
    }),
  )
}

type Value = boolean | string | readonly string[] | undefined

const WITHOUT = { flag: false, text: undefined, list: [] } as const

/** `passwordStdin` is typed as `--password-stdin`. */
function optionOf(key: string, input: Exclude<Input, { kind: 'argument' }>): Option {
  const long = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  const names = input.short ? `-${input.short}, ${long}` : long
  if (input.kind === 'flag') return new Option(names, input.help)
  const option = new Option(`${names} <${input.value}>`, input.help)
  const requireText = (value: string) => {
    if (value === '') throw usageError(`${long} cannot be empty`)
    return value
  }
  if (input.kind === 'list')
    return option.argParser<readonly string[]>((value, before = []) => [...before, requireText(value)])
  option.argParser(requireText)
  return input.default === undefined ? option : option.default(input.default)
}
