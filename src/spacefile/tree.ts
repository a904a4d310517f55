import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { LineCounter, YAMLError, YAMLMap, YAMLSeq } from 'yaml'
import { SPACEFILE_LIMITS } from './limits.ts'
import type { Report } from './report.ts'

/** YAML as plain data with positions. `at` is an offset into the text. */
export type Item =
  | { readonly kind: 'map'; readonly at: number; readonly entries: readonly Entry[] }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly Item[] }
  | { readonly kind: 'scalar'; readonly at: number; readonly value: string | number | boolean | null }

export interface Entry {
  readonly key: string
  readonly at: number
  readonly value: Item
}

/** Parses one YAML 1.2 document. Null if its syntax is invalid or a limit is exceeded; the report then says why. */
export function parseTree(text: string, lines: LineCounter, report: Report): Item | null {
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    // The library compares every pair of keys; `openMap` finds duplicates in linear time.
    uniqueKeys: false,
    logLevel: 'error',
  })
  // After the first error the parser guesses, and its next messages mislead.
  const [syntaxError] = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0])
  if (syntaxError !== undefined) reportSyntax(syntaxError, text, report)
  for (const warning of document.warnings)
    report.error(warning.pos[0], 'YAML tags such as `!name` are not supported', 'remove the tag')
  if (report.hasErrors()) return null
  const root = convert(document.contents, 0, 0, { anchors: new Map(), report })
  return report.hasErrors() ? null : root
}

interface Conversion {
  /**
   * Complete items only. An alias shares its item instead of copying it, so a tree of aliases stays as small as its
   * text. An alias of its own parent is unknown here, so no circle can exist.
   */
  readonly anchors: Map<string, Item>
  readonly report: Report
}

function convert(node: unknown, fallbackAt: number, depth: number, context: Conversion): Item {
  const at = startOf(node) ?? fallbackAt
  if (depth > SPACEFILE_LIMITS.depth) {
    context.report.error(at, 'This is nested too deeply for a Spacefile')
    return { kind: 'scalar', at, value: null }
  }
  if (isAlias(node)) {
    const target = context.anchors.get(node.source)
    if (target !== undefined) return { ...target, at }
    context.report.error(at, `There is no anchor \`&${node.source}\` above this`, QUOTE_HINT)
    return { kind: 'scalar', at, value: null }
  }
  const item = convertContent(node, at, depth, context)
  const anchor = (node as { anchor?: string } | null)?.anchor
  if (anchor !== undefined) context.anchors.set(anchor, item)
  return item
}

function convertContent(node: unknown, at: number, depth: number, context: Conversion): Item {
  if (isMap(node)) return { kind: 'map', at, entries: convertEntries(node, depth, context) }
  if (isSeq(node)) {
    const items = (node as YAMLSeq).items.map((item) => convert(item, at, depth + 1, context))
    return { kind: 'list', at, items }
  }
  return { kind: 'scalar', at, value: isScalar(node) ? plainValue(node.value) : null }
}

function convertEntries(map: YAMLMap, depth: number, context: Conversion): Entry[] {
  return map.items.map((pair) => {
    const at = startOf(pair.key) ?? startOf(map) ?? 0
    if (!isScalar(pair.key)) context.report.error(at, 'A key must be a plain word')
    const key = isScalar(pair.key) ? String(pair.key.value ?? '') : ''
    return { key, at, value: convert(pair.value, at, depth + 1, context) }
  })
}

function plainValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return value === null || value === undefined ? null : String(value)
}

function startOf(node: unknown): number | undefined {
  return (node as { range?: readonly number[] | null } | null | undefined)?.range?.[0]
}

const QUOTE_HINT = 'to begin a text with `*`, `&`, `@` or a back-tick, put it in quotes'

function reportSyntax(error: YAMLError, text: string, report: Report): void {
  const at = error.pos[0]
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return report.error(at, 'Tabs cannot indent YAML', 'indent with spaces')
    case 'MULTIPLE_DOCS':
      return report.error(at, 'A Spacefile must be one YAML document', 'remove the `---` and what follows it')
    case 'RESOURCE_EXHAUSTION':
      return report.error(at, 'This is nested too deeply for a Spacefile')
    case 'BAD_ALIAS':
    case 'BAD_SCALAR_START':
      return report.error(at, `A text cannot begin with this: \`${lineFrom(text, at)}\``, QUOTE_HINT)
    case 'BLOCK_AS_IMPLICIT_KEY':
      return report.error(at, 'This line has a second `: `', 'put the text after the first one in quotes')
    case 'MISSING_CHAR':
    case 'BAD_INDENT':
      if (/quote/.test(error.message)) return reportOpenQuote(at, text, report)
      return report.error(
        at,
        sentence(error.message),
        'compare quotes, brackets and indentation with the line above',
      )
    default:
      return report.error(at, sentence(error.message))
  }
}

/** The parser finds the error at the end of the text; the report points to the quote. */
function reportOpenQuote(end: number, text: string, report: Report): void {
  const open = Math.max(text.lastIndexOf('"', end - 1), text.lastIndexOf("'", end - 1))
  report.error(Math.max(0, open), 'This quote is never closed', 'write the same quote at the end of the text')
}

function lineFrom(text: string, at: number): string {
  return (text.slice(at, at + 40).split(/[\r\n]/, 1)[0] ?? '').trim()
}

function sentence(message: string): string {
  return message.split('\n', 1)[0]!.replace(/\.$/, '')
}
