const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY }

/** Seconds of `90m`, `24h`, `30d` or `2w`; null for anything else. */
export function parseDuration(text: string): number | null {
  const [, amount, unit] = text.match(/^(\d{1,6})([mhdw])$/) ?? []
  return amount && unit ? Number(amount) * UNITS[unit]! : null
}

/** `30d` from now, or `2027-03-31`, as ISO 8601; null when the text is neither, or the time has passed. */
export function parseMoment(text: string, nowMs: number): string | null {
  const seconds = parseDuration(text)
  const isDate = /^\d{4}-\d{2}-\d{2}([T ].*)?$/.test(text)
  const ms = seconds !== null ? nowMs + seconds * 1000 : isDate ? Date.parse(text) : Number.NaN
  return ms > nowMs ? new Date(ms).toISOString() : null
}

/** `just now`, `5 minutes ago`, `in 3 days`; the date alone from three months on. Returns `iso` unchanged when it cannot be parsed. */
export function relativeTime(iso: string, nowMs: number): string {
  const seconds = Math.round((Date.parse(iso) - nowMs) / 1000)
  if (Number.isNaN(seconds)) return iso
  const distance = Math.abs(seconds)
  if (distance < MINUTE) return 'just now'
  if (distance >= 90 * DAY) return iso.slice(0, 10)
  const [unit, size] = distance >= DAY ? ['day', DAY] : distance >= HOUR ? ['hour', HOUR] : ['minute', MINUTE]
  const amount = Math.round(distance / Number(size))
  const span = `${amount} ${unit}${amount === 1 ? '' : 's'}`
  return seconds < 0 ? `${span} ago` : `in ${span}`
}

export const relativeTimeOr = (iso: string | null | undefined, without: string, nowMs = Date.now()) =>
  iso ? relativeTime(iso, nowMs) : without
