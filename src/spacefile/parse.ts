import { LineCounter } from 'yaml'
import { describe, openMap, readBoolean, readList, readText, type Fields } from './fields.ts'
import { SPACEFILE_LIMITS } from './limits.ts'
import { readMicro, type MicroDraft } from './micro.ts'
import type { Diagnostic, MicroSpec, Spacefile } from './model.ts'
import { assignMounts } from './mounts.ts'
import { parseRelativePath } from './relative-path.ts'
import { createReport, type Report } from './report.ts'
import type { CheckRoutes } from './routes.ts'
import { parseTree, type Item } from './tree.ts'

export interface ParseOptions {
  /** Whether a folder (`.`, `src/api`) exists. If given, the `src` of every micro is checked (COMPAT 2.4, rule 6). */
  readonly hasFolder?: (path: string) => boolean
  /**
   * The reading of routes by the server that enforces them (`diagnoseRoutes` of access). Routes that it rejects are
   * errors here too, so that no route is accepted in a Spacefile and then ignored.
   */
  readonly checkRoutes?: CheckRoutes
}

export interface ParsedSpacefile {
  /** Null if any diagnostic is an error. */
  readonly value: Spacefile | null
  readonly diagnostics: readonly Diagnostic[]
}

/** Reads a Spacefile v0 (COMPAT 2). Never throws for a user's mistake; every diagnostic has its position in the text. */
export function parseSpacefile(text: string, options: ParseOptions = {}): ParsedSpacefile {
  const lines = new LineCounter()
  const report = createReport(lines)
  const value = read(text.replace(/^\uFEFF/, ''), lines, report, options)
  return { value: report.hasErrors() ? null : value, diagnostics: report.diagnostics() }
}

function read(text: string, lines: LineCounter, report: Report, options: ParseOptions): Spacefile | null {
  if (Buffer.byteLength(text) > SPACEFILE_LIMITS.textBytes) {
    report.error(0, `The Spacefile is larger than ${SPACEFILE_LIMITS.textBytes / 1024} kB`)
    return null
  }
  const root = parseTree(text, lines, report)
  if (root === null) return null
  if (root.kind === 'scalar' && root.value === null) {
    report.error(0, 'The Spacefile is empty', 'begin with `v: 0` and a list of `micros`')
    return null
  }
  const keys = { known: ['v', 'icon', 'app_name', 'auto_pwa', 'micros'], required: ['v', 'micros'] }
  const fields = openMap(root, 'the Spacefile', keys, report)
  return fields === null ? null : readTop(fields, options)
}

function readTop(fields: Fields, options: ParseOptions): Spacefile {
  readVersion(fields)
  return {
    v: 0,
    icon: readIcon(fields),
    appName: readAppName(fields),
    autoPwa: readBoolean(fields, 'auto_pwa') ?? true,
    micros: readMicros(fields, options),
  }
}

function readVersion(fields: Fields): void {
  const value = fields.get('v')?.value
  if (value === undefined || (value.kind === 'scalar' && value.value === 0)) return
  fields.report.error(value.at, `The version must be the number 0, not ${describe(value)}`, 'write `v: 0`')
}

function readIcon(fields: Fields): string | null {
  const text = readText(fields, 'icon')
  if (text === null) return null
  const parsed = parseRelativePath(text)
  if (parsed.kind === 'ok') return parsed.path
  fields.report.error(fields.get('icon')!.value.at, `\`icon\` ${parsed.reason}`)
  return null
}

function readAppName(fields: Fields): string | null {
  const name = readText(fields, 'app_name')
  const longest = SPACEFILE_LIMITS.appNameLength
  if (name !== null && [...name].length > longest)
    fields.report.error(
      fields.get('app_name')!.value.at,
      `\`app_name\` has ${[...name].length} characters; the limit is ${longest}`,
      'shorten it, or remove it to use the name of the project',
    )
  return name
}

function readMicros(fields: Fields, options: ParseOptions): MicroSpec[] {
  const items: readonly Item[] = readList(fields, 'micros', SPACEFILE_LIMITS.micros) ?? []
  const taken = { ids: new Set<string>(), names: new Set<string>() }
  const context = { report: fields.report, taken, checkRoutes: options.checkRoutes ?? null }
  const drafts = items.map((item, index) => readMicro(item, index, context)).filter((draft) => draft !== null)
  checkNames(drafts, fields.report)
  checkFolders(drafts, fields.report, options)
  const primaryIndex = choosePrimary(drafts, fields)
  const mounts = assignMounts(drafts, primaryIndex, fields.report)
  return drafts.flatMap(({ name, rest }, index) =>
    name === null || rest === null
      ? []
      : [{ ...rest, name, primary: index === primaryIndex, mount: mounts[index]! }],
  )
}

function checkNames(drafts: readonly MicroDraft[], report: Report): void {
  const names = new Set<string>()
  for (const { name, fields } of drafts) {
    if (name !== null && names.has(name))
      report.error(
        fields.get('name')!.value.at,
        `Another micro has the name \`${name}\``,
        'give one of them another name',
      )
    if (name !== null) names.add(name)
  }
}

function checkFolders(drafts: readonly MicroDraft[], report: Report, options: ParseOptions): void {
  for (const { rest, fields } of drafts) {
    if (rest === null || (options.hasFolder?.(rest.src) ?? true)) continue
    report.error(
      fields.get('src')!.value.at,
      `The folder \`${rest.src}\` of ${fields.label} does not exist`,
      'paths of folders are relative to the Spacefile',
    )
  }
}

/** A single micro is always primary (COMPAT 2.2); of several, exactly one must be. */
function choosePrimary(drafts: readonly MicroDraft[], fields: Fields): number {
  if (drafts.length <= 1) return 0
  const [first, ...others] = drafts.keys().filter((index) => drafts[index]!.primary === true)
  for (const index of others)
    fields.report.error(
      drafts[index]!.fields.get('primary')!.at,
      'More than one micro is primary',
      'keep `primary: true` on one micro',
    )
  if (first === undefined && drafts.every(({ primary }) => primary !== null))
    fields.report.error(
      fields.get('micros')!.at,
      'No micro is primary',
      'add `primary: true` to the micro that serves `/`',
    )
  return first ?? 0
}
