import { defineCommand, required } from '../command.ts'
import { usageError } from '../failure.ts'
import { COMMAND_NAMES } from '../registry.ts'

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
const keys = COMMAND_NAMES.filter((name) => name.startsWith('keys '))
  .map((name) => name.slice('keys '.length))
  .join(' ')

const BASH = `_space() {
  local words="${first}"
  [ "$COMP_CWORD" -gt 1 ] && words=""
  [ "\${COMP_WORDS[1]}" = keys ] && [ "$COMP_CWORD" -eq 2 ] && words="${keys}"
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _space space`

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: BASH,
  zsh: `autoload -U +X bashcompinit && bashcompinit\n${BASH}`,
  fish: `complete -c space -n __fish_use_subcommand -f -a "${first}"
complete -c space -n "__fish_seen_subcommand_from keys" -f -a "${keys}"`,
}
