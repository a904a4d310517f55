import { readBoolean, readList, textOf } from './fields.ts'
import type { Fields } from './fields.ts'
import { SPACEFILE_LIMITS } from './limits.ts'
import { parseRoutePattern } from './route-pattern.ts'
import type { Item } from './tree.ts'

export interface Routes {
  readonly publicRoutes: readonly string[]
  readonly privateRoutes: readonly string[]
}

/** What a micro makes public (COMPAT 1.3). Whatever is not understood is an error, so it never opens or hides anything. */
export function readRoutes(micro: Fields): Routes {
  const isPublic = readBoolean(micro, 'public') ?? false
  const listed = readPatterns(micro, 'public_routes')
  const privateRoutes = readPatterns(micro, 'private_routes')
  const both = micro.get('public')
  if (both !== undefined && micro.get('public_routes') !== undefined)
    micro.report.error(
      both.at,
      `\`public\` and \`public_routes\` exclude each other in ${micro.label}`,
      'keep `public_routes`, or `public: true` for every path',
    )
  return { publicRoutes: isPublic ? ['/*'] : listed, privateRoutes }
}

function readPatterns(micro: Fields, name: 'public_routes' | 'private_routes'): readonly string[] {
  const items = readList(micro, name, SPACEFILE_LIMITS.routes) ?? []
  const written = new Set<string>()
  const patterns = new Set<string>()
  for (const item of items) {
    const text = textOf(item, `a route in \`${name}\` of ${micro.label}`, micro.report)
    if (text === null) continue
    if (written.has(text)) micro.report.error(item.at, `The route \`${text}\` is there twice`, 'remove one')
    written.add(text)
    const pattern = readPattern(text, item, name === 'public_routes', micro)
    if (pattern !== null) patterns.add(pattern)
  }
  return [...patterns]
}

function readPattern(text: string, item: Item, allButIdiom: boolean, micro: Fields): string | null {
  const parsed = parseRoutePattern(text, allButIdiom)
  if (parsed.kind === 'bad') {
    micro.report.error(item.at, parsed.message, parsed.hint)
    return null
  }
  if (parsed.note !== null) micro.report.warning(item.at, parsed.note.message, parsed.note.hint)
  return parsed.pattern
}
