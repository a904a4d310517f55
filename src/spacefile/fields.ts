import { SPACEFILE_LIMITS } from './limits.ts'
import type { Report } from './report.ts'
import { closest } from './suggest.ts'
import type { Entry, Item } from './tree.ts'

/**
 * A map of the Spacefile with checked keys. The readers below return null for missing values and for values of a wrong
 * type, which they report.
 */
export interface Fields {
  /** Named in messages: `micro \`api\``. */
  readonly label: string
  readonly at: number
  readonly report: Report
  get(name: string): Entry | undefined
}

/** Where each key of the format belongs, as a hint for keys on the wrong level. */
const HOMES: Readonly<Record<string, string>> = {
  app_name: 'belongs at the top of the file',
  auto_pwa: 'belongs at the top of the file',
  icon: 'belongs at the top of the file',
  micros: 'belongs at the top of the file',
  api_keys: 'belongs under `presets` of a micro',
  env: 'belongs under `presets` of a micro',
  public: 'belongs in a micro',
  public_routes: 'belongs in a micro',
  private_routes: 'belongs in a micro',
  drain_seconds: 'belongs in a micro',
  presets: 'belongs in a micro',
  actions: 'belongs in a micro',
  engine: 'belongs in a micro',
  run: 'belongs in a micro',
  commands: 'belongs in a micro',
  runtime: 'is called `engine`',
}

export function openMap(
  item: Item,
  label: string,
  keys: { readonly known: readonly string[]; readonly required: readonly string[] },
  report: Report,
): Fields | null {
  if (item.kind !== 'map') {
    report.error(item.at, `${capitalised(label)} must be a map of fields, not ${describe(item)}`)
    return null
  }
  const found = new Map<string, Entry>()
  for (const entry of item.entries) {
    if (found.has(entry.key)) report.error(entry.at, `${capitalised(label)} has \`${entry.key}\` twice`)
    else if (!keys.known.includes(entry.key)) reportUnknown(entry, label, keys.known, report)
    found.set(entry.key, entry)
  }
  const missing = keys.required.filter((name) => !found.has(name))
  if (missing.length > 0) report.error(item.at, `${capitalised(label)} needs ${quotedList(missing)}`)
  return { label, at: item.at, report, get: (name) => found.get(name) }
}

function reportUnknown(entry: Entry, label: string, known: readonly string[], report: Report): void {
  const near = closest(entry.key, known)
  const home = HOMES[entry.key]
  const hint =
    home !== undefined ? `\`${entry.key}\` ${home}` : near !== null ? `did you mean \`${near}\`?` : null
  report.error(
    entry.at,
    `Unknown field \`${shortened(entry.key)}\` in ${label}`,
    hint ?? `the fields are ${quotedList(known)}`,
  )
}

export function readText(fields: Fields, name: string): string | null {
  const entry = fields.get(name)
  return entry === undefined ? null : textOf(entry.value, `\`${name}\` of ${fields.label}`, fields.report)
}

export function textOf(item: Item, what: string, report: Report): string | null {
  if (item.kind !== 'scalar' || typeof item.value !== 'string') {
    const hint =
      item.kind === 'scalar' && item.value !== null
        ? `put it in quotes: "${String(item.value)}"`
        : 'quote the line if it contains `: ` or begins with a special character'
    report.error(item.at, `${capitalised(what)} must be text, not ${describe(item)}`, hint)
    return null
  }
  if (item.value.includes('\0')) {
    report.error(item.at, `${capitalised(what)} contains a NUL character`)
    return null
  }
  return item.value
}

export function readBoolean(fields: Fields, name: string): boolean | null {
  const entry = fields.get(name)
  if (entry === undefined) return null
  const { value } = entry
  if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value
  fields.report.error(
    value.at,
    `\`${name}\` of ${fields.label} must be true or false, not ${describe(value)}`,
    'write `true` or `false`, without quotes',
  )
  return null
}

/** A whole number of seconds from 0 to `most`, or null. */
export function readSeconds(fields: Fields, name: string, most: number): number | null {
  const entry = fields.get(name)
  if (entry === undefined) return null
  const { value } = entry
  const seconds = value.kind === 'scalar' ? value.value : null
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0 && seconds <= most)
    return seconds
  fields.report.error(
    value.at,
    `\`${name}\` of ${fields.label} must be a whole number from 0 to ${most}, not ${describe(value)}`,
    `write ${name}: 60 for a minute`,
  )
  return null
}

/** The items of a non-empty list, or null. */
export function readList(
  fields: Fields,
  name: string,
  limit: number = SPACEFILE_LIMITS.listItems,
): readonly Item[] | null {
  const entry = fields.get(name)
  if (entry === undefined) return null
  const { value } = entry
  const what = `\`${name}\` of ${fields.label}`
  if (value.kind !== 'list') {
    fields.report.error(value.at, `${what} must be a list, not ${describe(value)}`, listHint(name, value))
    return null
  }
  if (value.items.length === 0) fields.report.error(value.at, `${what} is empty`, `remove \`${name}\``)
  if (value.items.length > limit)
    fields.report.error(entry.at, `${what} has ${value.items.length} entries; the limit is ${limit}`)
  return value.items.slice(0, limit)
}

function listHint(name: string, value: Item): string {
  const text = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : ''
  if (text !== '') return `write ${name}: [${JSON.stringify(shortened(text))}]`
  return `begin each entry with \`- \`, or remove \`${name}\``
}

/** Texts of a list; with `unique`, its entries must differ. Empty entries are errors. */
export function readTexts(fields: Fields, name: string, unique: boolean): readonly string[] | null {
  const items = readList(fields, name)
  if (items === null) return null
  const texts: string[] = []
  const seen = new Set<string>()
  for (const [index, item] of items.entries()) {
    const text = textOf(item, `entry ${index + 1} of \`${name}\` of ${fields.label}`, fields.report)
    if (text === null) continue
    if (unique && seen.has(text)) fields.report.error(item.at, `\`${shortened(text)}\` is listed twice`)
    seen.add(text)
    texts.push(text)
  }
  return texts
}

export function describe(item: Item): string {
  if (item.kind !== 'scalar') return item.kind === 'map' ? 'a map' : 'a list'
  if (item.value === null) return 'nothing'
  if (typeof item.value === 'string') return `the text \`${shortened(item.value)}\``
  return `the ${typeof item.value} ${String(item.value)}`
}

export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

function quotedList(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ')
}

function capitalised(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1)
}
