/** The language of the page, so that dates fit its English sentences. */
const LANGUAGE = 'en'

const relative = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' })
const date = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium' })
const number = new Intl.NumberFormat(LANGUAGE)

const STEPS: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** `3 minutes ago`, `yesterday`, `in 5 days`, a date when it is far away. */
export function ago(iso: string, nowMs: number = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - nowMs) / 1_000)
  if (Math.abs(seconds) > 30 * 86_400) return date.format(new Date(iso))
  for (const [unit, size] of STEPS)
    if (Math.abs(seconds) >= size) return relative.format(Math.round(seconds / size), unit)
  return 'just now'
}

export const day = (iso: string): string => date.format(new Date(iso))

/** `1 use`, `1,204 uses`. */
export const count = (amount: number, noun: string): string =>
  `${number.format(amount)} ${noun}${amount === 1 ? '' : 's'}`

const UNITS = ['kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** `0 kB`, `1.23 MB`, `64 GB`; powers of ten. */
export function size(bytes: number): string {
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1000)) / 3), UNITS.length)
  const format = { style: 'unit', unit: UNITS[power - 1], maximumSignificantDigits: 3 } as const
  return new Intl.NumberFormat(LANGUAGE, format).format(bytes / 1000 ** power)
}

/** `web`, `web and api`, `web, api and worker`. */
export function listed(items: readonly string[]): string {
  const [last = '', ...rest] = items.toReversed()
  return rest.length === 0 ? last : `${rest.toReversed().join(', ')} and ${last}`
}
