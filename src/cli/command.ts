/**
 * A command as a value: its input declared as data, and `run`, which receives that input typed. How it is parsed
 * is up to `program.ts`.
 */
import type { Cli } from './context.ts'

interface FlagInput {
  readonly kind: 'flag'
  readonly help: string
  readonly short?: string
}

interface TextInput<T extends string | undefined> {
  readonly kind: 'text'
  /** Placeholder of the value in the help: `folder`. */
  readonly value: string
  readonly help: string
  readonly short?: string
  readonly default: T
}

/** An option that may be given several times. */
interface ListInput {
  readonly kind: 'list'
  readonly value: string
  readonly help: string
  readonly short?: string
}

interface ArgumentInput<T extends string | undefined> {
  readonly kind: 'argument'
  readonly help: string
  readonly isRequired: T extends string ? true : false
}

type Optional = string | undefined
export type Input =
  | FlagInput
  | TextInput<string>
  | TextInput<Optional>
  | ListInput
  | ArgumentInput<string>
  | ArgumentInput<Optional>
export type Inputs = Readonly<Record<string, Input>>

type ValueOf<I extends Input> = I extends FlagInput
  ? boolean
  : I extends ListInput
    ? readonly string[]
    : I extends TextInput<string> | ArgumentInput<string>
      ? string
      : Optional

export type ValuesOf<I extends Inputs> = { readonly [Name in keyof I]: ValueOf<I[Name]> }

export interface CommandSpec<I extends Inputs = Inputs> {
  /** As it is typed: `push`, `keys create`. */
  readonly name: string
  /** One line for the help, no full stop. */
  readonly summary: string
  readonly input: I
  run(cli: Cli, values: ValuesOf<I>): Promise<void>
}

export const defineCommand = <const I extends Inputs>(spec: CommandSpec<I>): CommandSpec<I> => spec

export const flag = (help: string, options: { short?: string } = {}): FlagInput => ({
  kind: 'flag',
  help,
  ...options,
})

/** An option with a value. An empty value is rejected, since in a script it is an unset variable. */
export const text = <const T extends Optional = undefined>(
  value: string,
  help: string,
  options: { short?: string; default?: T } = {},
): TextInput<T> => ({ kind: 'text', value, help, short: options.short, default: options.default as T })

/** `--path /a --path /b`; empty when it is not given. */
export const list = (value: string, help: string, options: { short?: string } = {}): ListInput => ({
  kind: 'list',
  value,
  help,
  ...options,
})

export const required = (help: string): ArgumentInput<string> => ({
  kind: 'argument',
  help,
  isRequired: true,
})
export const optional = (help: string): ArgumentInput<Optional> => ({
  kind: 'argument',
  help,
  isRequired: false,
})

/** Inputs shared by several commands. */
export const serverInput = text('url', 'address of the server')
export const jsonInput = flag('print one JSON object')
export const dirInput = text('folder', 'folder of the app', { short: 'd', default: './' })
