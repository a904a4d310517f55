import type { Instance } from '../../contract/index.ts'
import type { Cli } from '../context.ts'
import type { Colors } from '../output.ts'
import { printable } from '../printable.ts'
import { examplePath, isAllPublic, outsidePath } from '../routes.ts'

/** The last screen of a push: address, access, and what to type next. */
export function pushScreen(
  instance: Instance,
  { command, out: { colors } }: Pick<Cli, 'command' | 'out'>,
): string[] {
  const rows = [
    '',
    colors.bold(colors.cyan(printable(instance.url))),
    '',
    ...exposureLines(instance, colors),
    '',
    ...nextLines(instance, command, colors),
  ]
  return rows.map((row) => `  ${row}`.trimEnd())
}

function exposureLines(instance: Instance, colors: Colors): string[] {
  const routes = instance.public_routes
  if (routes.length === 0)
    return [`${colors.green('Everything is private.')} Only you have access, after signing in.`]
  return [
    colors.yellow('Public:'),
    ...routes.map((route) => `  ${printable(outsidePath(route))}`),
    ...(isAllPublic(instance) ? [] : ['Everything else is private: only you have access, after signing in.']),
  ]
}

function nextLines(instance: Instance, space: string, colors: Colors): string[] {
  const url = printable(instance.url)
  const alias = printable(instance.alias)
  const example = examplePath(instance.public_routes)
  const rows: [command: string, effect: string][] = [
    [`${space} open ${alias}`, 'open it in your browser'],
    ...(example === null
      ? [[`curl -i ${url}/`, 'answers 401: curl is not signed in'] as [string, string]]
      : [[`curl ${url}${printable(example)}`, 'answers without signing in'] as [string, string]]),
    ...(instance.api_keys_enabled
      ? [
          [`${space} keys create ${alias} --name my-script`, 'create a key for X-Space-App-Key'] as [
            string,
            string,
          ],
        ]
      : []),
  ]
  const width = Math.max(...rows.map(([command]) => command.length))
  return [
    colors.bold('Next'),
    ...rows.map(([command, effect]) => `  ${command.padEnd(width)}  ${colors.dim(effect)}`),
  ]
}
