import type { ExposedRoute, Instance, RouteWarning } from '../../contract/index.ts'
import type { Colors } from '../output.ts'
import { printable } from '../printable.ts'

/** Example paths that differ from the pattern. */
export const examplesOf = ({ outside, examples }: ExposedRoute): string[] =>
  examples.filter((path) => path !== outside).map((path) => printable(path))

/** `! /api/* of api: message`, and the remedy below it. */
export function warningLines({ micro, pattern, message, hint }: RouteWarning, colors: Colors): string[] {
  const place = `${printable(pattern)} of ${printable(micro)}`
  return [
    `${colors.yellow('!')} ${colors.bold(place)}: ${printable(message)}`,
    ...(hint ? [`    ${colors.dim(printable(hint))}`] : []),
  ]
}

/** What to type to close a route. */
export const closeCommand = (
  command: string,
  { alias }: Pick<Instance, 'alias'>,
  { micro, pattern }: Pick<ExposedRoute, 'micro' | 'pattern'>,
): string => `${command} access close ${printable(alias)} ${printable(micro)} ${quoted(printable(pattern))}`

/** For a shell, which would take `*` for files. */
const quoted = (pattern: string) =>
  /^[\w./-]+$/.test(pattern) ? pattern : `'${pattern.replaceAll("'", "'\\''")}'`
