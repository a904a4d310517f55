import { readActions, type TakenActionNames } from './actions.ts'
import { engineHint, FILE_ENGINES, parseEngine } from './engine.ts'
import { openMap, readBoolean, readSeconds, readText, readTexts, type Fields } from './fields.ts'
import { SPACEFILE_LIMITS } from './limits.ts'
import type { Engine, MicroSpec } from './model.ts'
import { readPresets } from './presets.ts'
import { parseRelativePath } from './relative-path.ts'
import type { Report } from './report.ts'
import { readRoutes, type CheckRoutes } from './routes.ts'
import type { Item } from './tree.ts'

const KEYS = {
  known: [
    'name',
    'src',
    'engine',
    'primary',
    'path',
    'serve',
    'commands',
    'include',
    'run',
    'dev',
    'presets',
    'public',
    'public_routes',
    'private_routes',
    'drain_seconds',
    'provide_actions',
    'actions',
  ],
  required: ['name', 'src', 'engine'],
}

/** A micro before the primary one is known; the checks across micros report at its `fields`. */
export interface MicroDraft {
  readonly fields: Fields
  readonly name: string | null
  /** Null if it has an error. */
  readonly primary: boolean | null
  /** As written; null if missing. */
  readonly path: string | null
  readonly rest: Omit<MicroSpec, 'name' | 'primary' | 'mount'> | null
}

/** State that the micros of one Spacefile share while they are read. */
export interface MicroContext {
  readonly report: Report
  readonly taken: TakenActionNames
  readonly checkRoutes: CheckRoutes | null
}

export function readMicro(item: Item, index: number, context: MicroContext): MicroDraft | null {
  const { report, taken, checkRoutes } = context
  const fields = openMap(item, labelOf(item, index), KEYS, report)
  if (fields === null) return null
  const engine = readEngine(fields)
  const src = readPath(fields, 'src')
  const common = {
    serve: readPath(fields, 'serve'),
    commands: readTexts(fields, 'commands', false) ?? [],
    include: readInclude(fields),
    run: readLine(fields, 'run'),
    dev: readLine(fields, 'dev'),
    drainSeconds: readSeconds(fields, 'drain_seconds', SPACEFILE_LIMITS.drainSeconds),
    provideActions: readBoolean(fields, 'provide_actions') ?? false,
    actions: readActions(fields, taken),
    ...readPresets(fields),
    ...readRoutes(fields, checkRoutes),
  }
  if (engine !== null) checkEngineRules(fields, engine)
  return {
    fields,
    name: readName(fields),
    primary: fields.get('primary') === undefined ? false : readBoolean(fields, 'primary'),
    path: readText(fields, 'path'),
    rest: engine === null || src === null ? null : { ...common, engine, src },
  }
}

function labelOf(item: Item, index: number): string {
  const name = item.kind === 'map' ? item.entries.find((entry) => entry.key === 'name')?.value : undefined
  const text = name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : ''
  return /^[\w-]{1,64}$/.test(text) ? `micro \`${text}\`` : `micro ${index + 1}`
}

function readName(fields: Fields): string | null {
  const name = readText(fields, 'name')
  if (name === null) return null
  const { at } = fields.get('name')!.value
  if (name.length > SPACEFILE_LIMITS.microNameLength)
    fields.report.error(
      at,
      `The name of a micro can have at most ${SPACEFILE_LIMITS.microNameLength} characters`,
    )
  else if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name))
    fields.report.error(
      at,
      `\`${name}\` is not a valid name of a micro`,
      'use letters, digits, `-` and `_`, and begin with a letter or digit',
    )
  else return name
  return null
}

function readEngine(fields: Fields): Engine | null {
  const name = readText(fields, 'engine')
  if (name === null) return null
  const engine = parseEngine(name)
  if (engine === null)
    fields.report.error(fields.get('engine')!.value.at, `Unknown engine \`${name}\``, engineHint(name))
  return engine
}

function readPath(fields: Fields, name: 'src' | 'serve'): string | null {
  const text = readText(fields, name)
  if (text === null) return null
  const parsed = parseRelativePath(text)
  if (parsed.kind === 'ok') return parsed.path
  fields.report.error(fields.get(name)!.value.at, `\`${name}\` of ${fields.label} ${parsed.reason}`)
  return null
}

function readInclude(fields: Fields): readonly string[] | null {
  const texts = readTexts(fields, 'include', true)
  if (texts === null) return null
  return texts.flatMap((text) => {
    const parsed = parseRelativePath(text)
    if (parsed.kind === 'ok') return [parsed.path]
    fields.report.error(fields.get('include')!.at, `\`${text}\` in \`include\` ${parsed.reason}`)
    return []
  })
}

function readLine(fields: Fields, name: 'run' | 'dev'): string | null {
  return readText(fields, name)?.trim() || null
}

/** COMPAT 2.4, rules 1 and 3. */
function checkEngineRules(fields: Fields, engine: Engine): void {
  const makesFiles = FILE_ENGINES.includes(engine.family)
  const serve = fields.get('serve')
  const include = fields.get('include')
  if (engine.family === 'static' && serve === undefined)
    fields.report.error(
      fields.at,
      `\`serve\` is missing in ${fields.label}`,
      'set it to the folder with the files; `serve: .` is `src` itself',
    )
  if (makesFiles && include !== undefined)
    fields.report.error(
      include.at,
      `The engine \`${engine.name}\` does not support \`include\``,
      'remove it: the folder in `serve` is packed',
    )
  if (!makesFiles && serve !== undefined)
    fields.report.error(
      serve.at,
      `The engine \`${engine.name}\` does not support \`serve\``,
      'this engine runs a server: use `run`, or choose the engine `static`',
    )
}
