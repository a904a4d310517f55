/** The types of JSON, as the table names them. */
export const FIELD_TYPES = ['text', 'number', 'boolean', 'list', 'object', 'null'] as const
export type FieldType = (typeof FIELD_TYPES)[number]

export type Item = Readonly<Record<string, unknown>>

export function typeOf(value: unknown): FieldType {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number') return 'number'
  return typeof value === 'boolean' ? 'boolean' : 'object'
}

/** A cell shows no more of a value than this. */
const SHOWN_CHARS = 300

/** One line for a cell. */
export function cellText(value: unknown): string {
  if (value === undefined) return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.slice(0, SHOWN_CHARS).replace(/\s+/g, ' ')
}

/** What an editor begins with: text as it is, all else as JSON. */
export function editText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

export type Parsed = { readonly value: unknown } | { readonly problem: string }

/** The value that a person typed for a field of this type. */
export function parseAs(type: FieldType, text: string): Parsed {
  switch (type) {
    case 'text':
      return { value: text }
    case 'null':
      return { value: null }
    case 'number':
      return parseNumber(text.trim())
    case 'boolean':
      return /^(true|false)$/.test(text.trim())
        ? { value: text.trim() === 'true' }
        : { problem: 'Enter true or false.' }
    case 'list':
    case 'object':
      return parseJsonAs(type, text)
  }
}

function parseNumber(text: string): Parsed {
  const value = Number(text)
  if (text === '' || !Number.isFinite(value)) return { problem: 'Enter a number, such as 12 or -0.5.' }
  const digits = text
    .replace(/^-|e.*$/gi, '')
    .replace('.', '')
    .replace(/^0+/, '')
  return digits.length > 16
    ? { problem: 'A number has at most 16 digits. Store a longer one as text.' }
    : { value }
}

function parseJsonAs(type: 'list' | 'object', text: string): Parsed {
  const parsed = parseJson(text)
  if ('problem' in parsed || typeOf(parsed.value) === type) return parsed
  return {
    problem:
      type === 'list' ? 'A list begins with [ and ends with ].' : 'An object begins with { and ends with }.',
  }
}

export function parseJson(text: string): Parsed {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    return { problem: `This is not valid JSON: ${(error as Error).message}` }
  }
}

/** Items that a person typed as JSON: one object, or a list of objects. */
export function parseItems(text: string): { readonly items: Item[] } | { readonly problem: string } {
  const parsed = parseJson(text)
  if ('problem' in parsed) return parsed
  const items = Array.isArray(parsed.value) ? parsed.value : [parsed.value]
  if (items.length === 0 || items.some((item) => typeOf(item) !== 'object'))
    return { problem: 'Enter an object, or a list of objects.' }
  const keys = items.map((item) => (item as Item)['key'])
  if (keys.some((key) => key !== undefined && typeof key !== 'string')) return { problem: 'A key is text.' }
  const given = keys.filter((key) => key !== undefined && key !== '')
  if (new Set(given).size < given.length) return { problem: 'Two items have the same key.' }
  return { items: items as Item[] }
}
