import type { ApiKey, Instance, Surface, SurfaceRoute } from '../../contract/index.ts'
import { count, formatTable } from '../format.ts'
import type { Colors } from '../output.ts'
import { printable } from '../printable.ts'
import { relativeTimeOr } from '../time.ts'
import { closeCommand, examplesOf, warningLines } from './route-text.ts'

interface Shown {
  readonly instance: Instance
  readonly surface: Surface
  readonly keys: readonly ApiKey[]
  /** How this command is called here. */
  readonly command: string
}

/** The public routes, closed routes, private routes and API keys of an app. */
export function surfaceLines({ instance, surface, keys, command }: Shown, colors: Colors): string[] {
  const open = surface.routes.filter(({ state }) => state === 'open')
  const closed = surface.routes.filter(({ state }) => state === 'closed')
  return [
    `${colors.bold(printable(instance.app_name))}  ${colors.cyan(printable(instance.url))}`,
    ...block(colors.bold('Public'), openLines(open, colors)),
    ...block(colors.bold('Closed by you'), closed.length > 0 ? routeTable(closed, colors) : []),
    ...block(colors.bold('Always private'), privateLines(surface, colors)),
    ...block(colors.bold('API keys'), [keySentence(surface, keys, instance, command)]),
    ...block(
      '',
      surface.warnings.flatMap((warning) => warningLines(warning, colors)),
    ),
    ...block('', adviceLines(open, { instance, command }, colors)),
  ]
}

const block = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', ...(title ? [title, ...lines.map((line) => `  ${line}`)] : lines)]

const openLines = (routes: readonly SurfaceRoute[], colors: Colors): string[] =>
  routes.length === 0
    ? [colors.green('Nothing. Only you have access, after signing in.')]
    : [...routeTable(routes, colors), colors.dim('Everything else is private.')]

function routeTable(routes: readonly SurfaceRoute[], colors: Colors): string[] {
  const rows = routes.map((route) => [
    (route.state === 'open' ? colors.yellow : colors.dim)(printable(route.outside)),
    `${printable(route.micro)}${route.from === route.micro ? '' : ` (rule of ${printable(route.from)})`}`,
    relativeTimeOr(route.since, '-'),
    relativeTimeOr(route.last_used_at, 'never'),
    String(route.uses),
    colors.dim(examplesOf(route).slice(0, 2).join(', ')),
  ])
  return formatTable([['ROUTE', 'MICRO', 'SINCE', 'LAST USED', 'USES', 'EXAMPLES'], ...rows], colors)
}

function privateLines(surface: Surface, colors: Colors): string[] {
  if (surface.private.length === 0) return []
  const rows = surface.private.map(({ micro, pattern, by }) => [
    printable(pattern),
    printable(micro),
    by === 'owner' ? 'you' : 'Spacefile',
  ])
  return formatTable([['PATTERN', 'MICRO', 'SET BY'], ...rows], colors)
}

function keySentence(
  { keys_on }: Surface,
  keys: readonly ApiKey[],
  { alias }: Instance,
  command: string,
): string {
  if (keys_on.length === 0) return 'No micro accepts API keys.'
  const micros = keys_on.map((name) => printable(name)).join(', ')
  const made =
    keys.length === 0 ? 'no keys yet' : `${count(keys.length, 'key')}: ${command} keys list ${alias}`
  return `Accepted by ${micros}; ${made}`
}

/** Routes that have been public for a long time without use. */
const adviceLines = (
  routes: readonly SurfaceRoute[],
  { instance, command }: Pick<Shown, 'instance' | 'command'>,
  colors: Colors,
): string[] =>
  routes
    .filter(({ advice }) => advice === 'unused')
    .flatMap(({ outside, micro, pattern }) => [
      `${colors.yellow('!')} ${printable(outside)} has been public for a long time and is not used. Close it?`,
      `    ${colors.bold(closeCommand(command, instance, { micro, pattern }))}`,
    ])
