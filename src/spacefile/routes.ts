import { readBoolean, readList, shortened, textOf, type Fields } from './fields.ts'
import { SPACEFILE_LIMITS } from './limits.ts'
import { parseRoutePattern, type Note } from './route-pattern.ts'
import type { Report } from './report.ts'
import type { Item } from './tree.ts'

export interface Routes {
  readonly publicRoutes: readonly string[]
  readonly privateRoutes: readonly string[]
}

/** A finding of the server's own reading of a list of routes; `index` is the position in the list. */
export type CheckRoutes = (patterns: readonly string[]) => readonly RouteFinding[]

export interface RouteFinding {
  readonly severity: 'error' | 'warning'
  readonly index: number
  readonly message: string
  readonly hint?: string
}

/** The public routes of a micro (COMPAT 1.3). Everything unknown is an error, so it neither opens nor closes a path. */
export function readRoutes(micro: Fields, check: CheckRoutes | null): Routes {
  const isPublic = readBoolean(micro, 'public') ?? false
  const listed = readPatterns(micro, 'public_routes', check)
  const privateRoutes = readPatterns(micro, 'private_routes', check)
  const both = micro.get('public')
  if (both !== undefined && micro.get('public_routes') !== undefined)
    micro.report.error(
      both.at,
      `\`public\` and \`public_routes\` are both set in ${micro.label}`,
      'keep `public_routes`, or keep `public: true` to open every path',
    )
  return { publicRoutes: isPublic ? ['/*'] : listed, privateRoutes }
}

function readPatterns(
  micro: Fields,
  name: 'public_routes' | 'private_routes',
  check: CheckRoutes | null,
): readonly string[] {
  const items = readList(micro, name, SPACEFILE_LIMITS.routes) ?? []
  const written = new Set<string>()
  const read: WrittenRoute[] = []
  for (const item of items) {
    const text = textOf(item, `a route in \`${name}\` of ${micro.label}`, micro.report)
    if (text === null) continue
    if (written.has(text)) micro.report.error(item.at, `The route \`${text}\` is listed twice`, 'remove one')
    written.add(text)
    const parsed = parseRoutePattern(text, name === 'public_routes')
    if (parsed.kind === 'bad') micro.report.error(item.at, parsed.message, parsed.hint)
    else read.push({ item, pattern: parsed.pattern, text, note: parsed.note })
  }
  if (check === null) reportNotes(read, micro.report)
  else reportFindings(read, check, micro.report)
  return [...new Set(read.map(({ pattern }) => pattern))]
}

interface WrittenRoute {
  readonly item: Item
  readonly text: string
  readonly pattern: string
  readonly note: Note | null
}

function reportNotes(routes: readonly WrittenRoute[], report: Report): void {
  for (const { item, note } of routes) if (note !== null) report.warning(item.at, note.message, note.hint)
}

function reportFindings(routes: readonly WrittenRoute[], check: CheckRoutes, report: Report): void {
  for (const { index, severity, message, hint } of check(routes.map(({ text }) => text))) {
    const route = routes[index]
    if (route !== undefined) report[severity](route.item.at, `\`${shortened(route.text)}\`: ${message}`, hint)
  }
}
