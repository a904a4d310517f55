import {
  type CallSpec,
  ERRORS,
  type ErrorCode,
  errorsOf,
  kindOf,
  nameOf,
  RESOURCES,
  BODY_BOUNDS,
  type BodyBound,
  scopesOf,
} from '../../src/contract/index.ts'
import { jsonText } from './json-text.ts'
import { type Schema, boundsText, typeText } from './type-text.ts'

/** An operation of the OpenAPI document, as far as the page shows it. */
export interface Operation {
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly description?: string
    readonly required: boolean
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Schema }>> }>
  >
}

/** One call of the page. */
export function callSection(spec: CallSpec, operation: Operation): string[] {
  return [
    `### ${nameOf(spec)}`,
    sentence(spec.summary),
    ...(spec.description ? [spec.description] : []),
    authText(spec),
    ...parameters(operation),
    ...bodyText(spec, operation),
    ...answerText(spec, operation),
    ...errorLines(spec),
  ]
}

const sentence = (text: string): string => `**${text}.**`

function authText(spec: CallSpec): string {
  const { auth, resource, perMinute, host } = spec
  const kind = kindOf(resource)
  const texts = [
    AUTH[auth],
    ...(auth === 'user' ? [scopeText(spec)] : []),
    ...(host === 'app' ? ['On the host of an app.'] : []),
    ...(kind ? [`Names ${RESOURCES[kind].is}, which must be the caller’s own.`] : []),
    ...(perMinute ? [`At most ${perMinute} calls a minute.`] : []),
  ]
  return texts.join(' ')
}

const scopeText = (spec: CallSpec): string =>
  `Scopes of access tokens: ${scopesOf(spec)
    .map((scope) => `\`${scope}\``)
    .join(', ')}.`

const AUTH: Readonly<Record<CallSpec['auth'], string>> = {
  public: 'Public.',
  user: 'For a person who is signed in.',
  handoff: 'For a browser, as a navigation.',
  code: 'Takes a one-time code.',
  'same-origin': 'Only from a page of the same host.',
}

function parameters({ parameters }: Operation): string[] {
  if (parameters.length === 0) return []
  return table(
    ['parameter', 'in', 'type', ''],
    parameters.map(({ name, in: place, required, description = '', schema }) => [
      `\`${name}\`${required ? '' : ', optional'}`,
      place,
      typeText(schema),
      notes(description, schema),
    ]),
  )
}

function bodyText({ body, example }: CallSpec, { requestBody }: Operation): string[] {
  if (!body || !requestBody) return []
  if (body.kind !== 'json')
    return [`Body: \`${body.mediaType}\`, ${boundText(body.maxBytes)}. ${body.description}`]
  const schema = requestBody.content['application/json']?.schema ?? {}
  return ['Body, as JSON:', ...fieldTable(schema), ...exampleText(example?.body)]
}

function boundText(maxBytes: number | BodyBound): string {
  const [bytes, origin] =
    typeof maxBytes === 'number'
      ? [maxBytes, '']
      : [BODY_BOUNDS[maxBytes], ' unless the server is set otherwise']
  return `at most ${bytes / 1024 / 1024} MB${origin}`
}

function answerText({ output, example }: CallSpec, { responses }: Operation): string[] {
  if (output.kind === 'none') return ['Answers 204 without a body.']
  if (output.kind !== 'json') return [`Answers ${output.status}. ${output.description}`]
  const schema = responses[output.status]?.content?.['application/json']?.schema ?? {}
  const shown = schema.$ref
    ? `Answers ${output.status} with ${typeText(schema)}.`
    : `Answers ${output.status}:`
  return [shown, ...(schema.$ref ? [] : fieldTable(schema)), ...exampleText(example?.answer)]
}

const exampleText = (value: object | undefined): string[] =>
  value ? [['```json', jsonText(value, ''), '```'].join('\n')] : []

/** The fields of an object, one a row. */
export function fieldTable(schema: Schema): string[] {
  if (!schema.properties) return [typeText(schema)]
  const { properties, required = [] } = schema
  return table(
    ['field', 'type', ''],
    Object.entries(properties).map(([name, field]) => [
      `\`${name}\`${required.includes(name) ? '' : ', optional'}`,
      typeText(field),
      notes(field.description ?? '', field),
    ]),
  )
}

const notes = (description: string, schema: Schema): string => {
  const bounds = boundsText(schema)
  return [description, bounds && `${bounds.charAt(0).toUpperCase()}${bounds.slice(1)}.`]
    .filter(Boolean)
    .join(' ')
}

/** Codes that mean what they mean everywhere are only named. */
function errorLines(spec: CallSpec): string[] {
  const errors = (Object.entries(errorsOf(spec)) as [ErrorCode, string][])
    .toSorted(([a], [b]) => ERRORS[a].status - ERRORS[b].status)
    .map(
      ([code, when]) =>
        `- ${ERRORS[code].status} \`${code}\`${when === ERRORS[code].when ? '' : `: ${when}`}`,
    )
  return errors.length === 0 ? [] : ['Errors:', errors.join('\n')]
}

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
  [rowText(head), rowText(head.map(() => '---')), ...rows.map(rowText)].join('\n'),
]

const rowText = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
