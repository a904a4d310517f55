/**
 * Checks a schedule: a rate (`6 hours`) or five cron fields in UTC (COMPAT 2.3). Returns the problem in one sentence, or
 * null. `a/b` means "from a in steps of b", which the original took from AWS, not from Vixie cron.
 */
export function faultOfInterval(text: string): string | null {
  const fields = text.trim().split(/\s+/)
  if (fields.length === 2) return faultOfRate(fields[0]!, fields[1]!)
  if (fields.length === 5) return faultOfCron(fields)
  if (fields.length === 6) return 'a schedule has five cron fields, without seconds and years'
  return 'a schedule is a rate (`6 hours`) or five cron fields (`0 9 * * 1-5`)'
}

function faultOfRate(count: string, unit: string): string | null {
  if (!/^[1-9]\d{0,5}$/.test(count)) return `\`${count}\` is not a positive whole number`
  if (!/^(minute|hour|day)s?$/.test(unit)) return `\`${unit}\` is not minutes, hours or days`
  const isOne = count === '1'
  if (isOne === unit.endsWith('s'))
    return isOne ? `write \`1 ${unit.slice(0, -1)}\`` : `write \`${count} ${unit}s\``
  return null
}

interface CronField {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly names: readonly string[]
  readonly steps: boolean
  readonly any: readonly string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const FIELDS: readonly CronField[] = [
  { name: 'minute', min: 0, max: 59, names: [], steps: true, any: ['*'] },
  { name: 'hour', min: 0, max: 23, names: [], steps: true, any: ['*'] },
  { name: 'day of the month', min: 1, max: 31, names: [], steps: true, any: ['*', '?'] },
  { name: 'month', min: 1, max: 12, names: MONTHS, steps: true, any: ['*'] },
  { name: 'weekday', min: 0, max: 7, names: WEEKDAYS, steps: false, any: ['*', '?'] },
]

function faultOfCron(texts: readonly string[]): string | null {
  for (const [index, field] of FIELDS.entries()) {
    const fault = faultOfField(texts[index]!, field)
    if (fault !== null) return fault
  }
  const isAny = (index: number) => FIELDS[index]!.any.includes(texts[index]!)
  return isAny(2) || isAny(4) ? null : 'either the day of the month or the weekday must be `*`'
}

function faultOfField(text: string, field: CronField): string | null {
  if (field.any.includes(text)) return null
  for (const part of text.split(',')) {
    const [range = '', step, ...rest] = part.split('/')
    if (rest.length > 0 || (step !== undefined && !field.steps))
      return `\`${part}\` is not allowed in the field ${field.name}`
    if (step !== undefined && !isBetween(step, 1, field.max))
      return `\`/${step}\` is not a valid step of the field ${field.name}`
    if (range !== '*' && !isRange(range, field))
      return `\`${part}\` is not a valid ${field.name} (${field.min} to ${field.max})`
  }
  return null
}

function isRange(text: string, field: CronField): boolean {
  const ends = text.split('-').map((end) => valueOf(end, field))
  if (ends.length > 2 || ends.some((end) => end === null)) return false
  return ends.length === 1 || ends[0]! <= ends[1]!
}

function valueOf(text: string, field: CronField): number | null {
  const named = field.names.indexOf(text.toLowerCase())
  if (named >= 0) return named + field.min
  return isBetween(text, field.min, field.max) ? Number(text) : null
}

function isBetween(text: string, min: number, max: number): boolean {
  return /^\d{1,2}$/.test(text) && Number(text) >= min && Number(text) <= max
}
