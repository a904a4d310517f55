export interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly maxItems?: number
}

/** The type of a schema in words: `string or null`, `list of [App](#app)`. */
export function typeText(schema: Schema): string {
  if (schema.$ref) return link(schema.$ref)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return [...new Set(choices.map(typeText))].join(' or ')
  if (schema.const !== undefined) return code(schema.const)
  if (schema.enum) return schema.enum.map(code).join(', ')
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})}`
  if (schema.properties) return `{ ${Object.entries(schema.properties).map(fieldText).join(', ')} }`
  if (schema.format === 'date-time') return 'time'
  return [schema.type ?? 'any'].flat().join(' or ')
}

const fieldText = ([name, schema]: [string, Schema]): string => `${name}: ${typeText(schema)}`

const code = (value: unknown): string => `\`${String(value)}\``

function link(ref: string): string {
  const name = ref.split('/').at(-1)!
  return `[${name}](#${name.toLowerCase()})`
}

/** What a value is bounded by: `at most 64 characters`; empty without a bound. */
export function boundsText(schema: Schema): string {
  const own = [
    schema.maxLength !== undefined && `at most ${schema.maxLength} characters`,
    schema.maxItems !== undefined && `at most ${schema.maxItems}`,
    isBound(schema.minimum) && isBound(schema.maximum) && `${schema.minimum} to ${schema.maximum}`,
    schema.default !== undefined &&
      schema.default !== '' &&
      `without it: \`${JSON.stringify(schema.default)}\``,
  ].filter((text) => text !== false)
  return [...own, ...(schema.anyOf ?? []).map(boundsText).filter(Boolean)].join('; ')
}

/** Without those that only say that the number is a safe integer. */
const isBound = (value: number | undefined): boolean => value !== undefined && Math.abs(value) < 2 ** 53 - 1
