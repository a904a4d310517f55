import type { Instance, NewApiKey } from '../../contract/index.ts'
import { type Cli, printJson } from '../context.ts'
import { printable } from '../printable.ts'
import { relativeTime } from '../time.ts'
import { scopeText } from './scope.ts'

/** Prints the value alone on stdout; scope and usage go to stderr. */
export function sayNewKey(cli: Cli, instance: Instance, key: NewApiKey): void {
  const { dim } = cli.err.colors
  const scope = scopeText(key)
  if (scope) cli.err.line(dim(`  Scope: ${scope}`))
  if (key.expires_at) cli.err.line(dim(`  It expires ${printable(relativeTime(key.expires_at, Date.now()))}`))
  if (cli.wantsJson) return printJson(cli, { ...key, instance_id: instance.id })
  cli.out.line(key.value)
  // Without the value: stdout may go to a file, and stderr to a log that others read.
  cli.err.line(dim(`  curl -H "X-Space-App-Key: $KEY" ${printable(instance.url)}/${scope ? '…' : ''}`))
}
