import { defineCommand, required } from '../command.ts'
import { usageError } from '../failure.ts'
import { COMMAND_NAMES, FAMILIES } from '../registry.ts'

/** Prints a script that completes the names of commands. Names only: options would need the files to be loaded. */
export const completion = defineCommand({
  name: 'completion',
  summary: 'Print a completion script for bash, zsh or fish',
  input: { shell: required('bash, zsh or fish') },
  async run(cli, { shell }) {
    const script = SCRIPTS[shell]
    if (!script)
      throw usageError(
        `There is no completion for "${shell}"`,
        'For example: space completion bash >> ~/.bashrc',
      )
    cli.out.line(script)
  },
})

const first = [...new Set(COMMAND_NAMES.map((name) => name.split(' ')[0]))].join(' ')

/** What may follow each first word that does not stand alone. */
const families = Object.keys(FAMILIES).map((family) => ({
  family,
  words: COMMAND_NAMES.filter((name) => name.startsWith(`${family} `))
    .map((name) => name.slice(family.length + 1))
    .join(' '),
}))

const bashCase = ({ family, words }: (typeof families)[number]) =>
  `  [ "\${COMP_WORDS[1]}" = ${family} ] && [ "$COMP_CWORD" -eq 2 ] && words="${words}"`

const BASH = `_space() {
  local words="${first}"
  [ "$COMP_CWORD" -gt 1 ] && words=""
${families.map(bashCase).join('\n')}
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _space space`

const fishLine = ({ family, words }: (typeof families)[number]) =>
  `complete -c space -n "__fish_seen_subcommand_from ${family}" -f -a "${words}"`

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: BASH,
  zsh: `autoload -U +X bashcompinit && bashcompinit\n${BASH}`,
  fish: [`complete -c space -n __fish_use_subcommand -f -a "${first}"`, ...families.map(fishLine)].join('\n'),
}
