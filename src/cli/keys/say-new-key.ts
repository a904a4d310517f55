import type { Instance, NewApiKey } from '../../contract/index.ts'
import { type Cli, printJson } from '../context.ts'
import { printable } from '../printable.ts'
import { relativeTime } from '../time.ts'
import { scopeText } from './scope.ts'

/** Prints the value alone on stdout, this once; around it, on stderr, what it is good for. */
export function sayNewKey(cli: Cli, instance: Instance, key: NewApiKey): void {
  const { dim } = cli.err.colors
  const scope = scopeText(key)
  if (scope) cli.err.line(dim(`  It opens only: ${scope}`))
  if (key.expires_at) cli.err.line(dim(`  It ends ${printable(relativeTime(key.expires_at, Date.now()))}`))
  if (cli.wantsJson) return printJson(cli, { ...key, instance_id: instance.id })
  cli.out.line(key.value)
  // Without the value: stdout may go to a file, and stderr to a log that others read.
  cli.err.line(dim(`  curl -H "X-Space-App-Key: $KEY" ${printable(instance.url)}/${scope ? '…' : ''}`))
}
