import type { ExposedRoute, Exposure } from '../../contract/index.ts'
import { count } from '../format.ts'
import type { Colors } from '../output.ts'
import { printable } from '../printable.ts'
import { examplesOf, warningLines } from './route-text.ts'

/** The exposure in the answer to a manifest; null for an older server that does not send it. */
export function readExposure(answer: string): Exposure | null {
  const { exposure } = (parse(answer) ?? {}) as { exposure?: Partial<Exposure> }
  if (exposure === null || typeof exposure !== 'object') return null
  const { opens, closes, keeps, warnings } = exposure
  if (![opens, closes].every(Array.isArray)) return null
  return { opens: opens!, closes: closes!, keeps: keeps ?? [], warnings: warnings ?? [] }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** What a push changes about access, line by line, with every route that becomes public. */
export function exposureLines({ opens, closes, warnings }: Exposure, colors: Colors): string[] {
  return [
    ...(opens.length === 0
      ? [`${colors.green('✓')} No new public routes`]
      : [
          `${colors.yellow('!')} ${colors.bold(`${count(opens.length, 'route')} ${opens.length === 1 ? 'becomes' : 'become'} public`)}: accessible without signing in`,
          ...opens.map(
            (route) => `    ${colors.yellow(`+ ${printable(route.outside)}`)}${aside(route, colors)}`,
          ),
        ]),
    ...(closes.length === 0
      ? []
      : [
          `${colors.green('✓')} No longer public:`,
          ...closes.map(
            (route) => `    ${colors.green(`- ${printable(route.outside)}`)}${aside(route, colors)}`,
          ),
        ]),
    ...warnings.flatMap((warning) => warningLines(warning, colors)),
  ]
}

function aside(route: ExposedRoute, colors: Colors): string {
  const examples = examplesOf(route)
  const served = route.mount === '/' ? [] : [`on ${printable(route.micro)}`]
  const from = route.from === route.micro ? [] : [`by a rule of micro ${printable(route.from)}`]
  const such = examples.length > 0 ? [`for example ${examples.join(', ')}`] : []
  const notes = [...such, ...served, ...from]
  return notes.length > 0 ? `  ${colors.dim(notes.join(' · '))}` : ''
}
