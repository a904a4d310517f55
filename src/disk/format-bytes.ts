const UNITS = ['kB', 'MB', 'GB', 'TB'] as const

/** `0 kB`, `64 MB`, `3.2 GB`: three digits at most, decimal units. */
export function formatBytes(bytes: number): string {
  let value = bytes / 1000
  let unit = 0
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = value < 10 && !Number.isInteger(value) ? value.toFixed(1) : String(Math.round(value))
  return `${digits.replace(/\.0$/, '')} ${UNITS[unit]}`
}
