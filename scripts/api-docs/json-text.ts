const WIDTH = 100

/** JSON in which what fits into one line is in one line. */
export function jsonText(value: unknown, indent: string): string {
  const line = lineText(value)
  if (indent.length + line.length <= WIDTH || typeof value !== 'object' || value === null) return line
  const inner = `${indent}  `
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  const items = Array.isArray(value)
    ? value.map((item) => inner + jsonText(item, inner))
    : Object.entries(value).map(([name, item]) => `${inner}${JSON.stringify(name)}: ${jsonText(item, inner)}`)
  return `${open}\n${items.join(',\n')}\n${indent}${close}`
}

function lineText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(lineText).join(', ')}]`
  const fields = Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${lineText(item)}`)
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
}
