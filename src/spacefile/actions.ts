import { openMap, readList, readText, textOf, type Fields } from './fields.ts'
import { faultOfInterval } from './interval.ts'
import { SPACEFILE_LIMITS } from './limits.ts'
import type { ActionSpec } from './model.ts'
import type { Item } from './tree.ts'

/** Ids and names of the app's other actions; they are unique across its micros (COMPAT 2.3). */
export interface TakenActionNames {
  readonly ids: Set<string>
  readonly names: Set<string>
}

const KEYS = {
  known: ['id', 'name', 'description', 'trigger', 'default_interval', 'path'],
  required: ['id', 'name', 'trigger', 'default_interval'],
}

/** `actions` of a micro. Five for each of five micros is also the app's limit of 25. */
export function readActions(micro: Fields, taken: TakenActionNames): ActionSpec[] {
  const items = readList(micro, 'actions', SPACEFILE_LIMITS.actionsPerMicro) ?? []
  return items.flatMap((item, index) => {
    const fields = openMap(item, labelOf(item, index), KEYS, micro.report)
    const action = fields === null ? null : readAction(fields)
    if (fields === null || action === null) return []
    claim(fields, 'id', taken.ids)
    claim(fields, 'name', taken.names)
    return [action]
  })
}

function labelOf(item: Item, index: number): string {
  const id = item.kind === 'map' ? item.entries.find((entry) => entry.key === 'id')?.value : undefined
  return id?.kind === 'scalar' && typeof id.value === 'string'
    ? `action \`${id.value}\``
    : `action ${index + 1}`
}

function readAction(fields: Fields): ActionSpec | null {
  const id = readText(fields, 'id')
  const name = readText(fields, 'name')
  const description = readText(fields, 'description') ?? ''
  const path = readText(fields, 'path')
  const interval = readInterval(fields)
  readTrigger(fields)
  const longest = SPACEFILE_LIMITS.actionDescriptionLength
  if ([...description].length > longest)
    fields.report.error(
      fields.get('description')!.value.at,
      `The description of ${fields.label} is longer than ${longest} characters`,
    )
  if (id === null || name === null || interval === null) return null
  return { id, name, description, interval, path }
}

function readTrigger(fields: Fields): void {
  const trigger = readText(fields, 'trigger')
  if (trigger !== null && trigger !== 'schedule')
    fields.report.error(
      fields.get('trigger')!.value.at,
      `\`${trigger}\` is not a trigger`,
      'write `trigger: schedule`',
    )
}

function readInterval(fields: Fields): string | null {
  const entry = fields.get('default_interval')
  if (entry === undefined) return null
  const text = textOf(entry.value, `\`default_interval\` of ${fields.label}`, fields.report)
  const fault = text === null ? null : faultOfInterval(text)
  if (fault !== null) fields.report.error(entry.value.at, `The interval of ${fields.label} is invalid`, fault)
  return fault === null && text !== null ? text.trim() : null
}

function claim(fields: Fields, field: 'id' | 'name', taken: Set<string>): void {
  const entry = fields.get(field)
  if (entry?.value.kind !== 'scalar') return
  const value = String(entry.value.value)
  if (value === '') fields.report.error(entry.value.at, `The ${field} of ${fields.label} is empty`)
  else if (taken.has(value))
    fields.report.error(entry.value.at, `Another action of this app has the ${field} \`${value}\``)
  taken.add(value)
}
