import { z } from 'zod'
import { SUBJECTS } from './calls.ts'
import type { CallSpec } from './define-call.ts'
import { ERRORS, type ErrorCode, errorAnswer } from './errors.ts'
import { errorsOf } from './errors-of.ts'

type Json = { [key: string]: unknown }

export interface OpenApiDocument extends Json {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Json>>
}

/** The contract as an OpenAPI 3.1 document. Schemas with an id become components. */
export function openApiDocument(version: string): OpenApiDocument {
  const components: Json = {}
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => jsonSchema(schema, io, components)
  const paths: Record<string, Json> = {}
  for (const { title, calls } of SUBJECTS) {
    for (const call of calls) {
      const path = (paths[call.path.replace(/:(\w+)/g, '{$1}')] ??= {})
      path[call.method.toLowerCase()] = operation(call, title, schemaOf)
    }
  }
  schemaOf(errorAnswer, 'output')
  return {
    openapi: '3.1.0',
    info: { title: 'Ownspace', version, description: DESCRIPTION },
    tags: SUBJECTS.map(({ title }) => ({ name: title })),
    paths,
    components: { schemas: components, securitySchemes: SECURITY },
  }
}

const DESCRIPTION =
  'The HTTP API of Home, and of `/__space/*` on the hosts of apps. A call either takes the session cookie of Home, on a same-origin request, or is signed with an access token.'

const SECURITY = {
  session: { type: 'apiKey', in: 'cookie', name: 'space_home', description: '`__Host-space_home` on https.' },
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Deta-Signature',
    description:
      '`v0=<token id>:<hex HMAC-SHA-256>` with the secret of an access token, over method, path with query, `X-Deta-Timestamp`, `Content-Type` and body, each followed by a line feed.',
  },
}

type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => Json

function operation(call: CallSpec, tag: string, schemaOf: SchemaOf): Json {
  return {
    operationId: operationId(call),
    tags: [tag],
    summary: call.summary,
    ...(call.description && { description: call.description }),
    ...(call.host === 'app' && { servers: [{ url: '/', description: 'The host of an app.' }] }),
    security: call.auth === 'user' ? [{ session: [] }, { signature: [] }] : [],
    parameters: [...pathParameters(call), ...queryParameters(call, schemaOf)],
    ...(call.body && { requestBody: requestBody(call.body, call.example?.body, schemaOf) }),
    responses: { [call.output.status]: success(call, schemaOf), ...failures(call) },
  }
}

/** `get_instances_id_api_keys`: from the address, so that it changes only with the call. */
const operationId = ({ method, path }: CallSpec): string =>
  `${method.toLowerCase()}_${path
    .replace(/^\/api\/v0\//, '')
    .replace(/\W+/g, '_')
    .replace(/^_+|_+$/g, '')}`

const pathParameters = ({ params = {} }: CallSpec): Json[] =>
  Object.entries(params).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string' },
  }))

function queryParameters({ query }: CallSpec, schemaOf: SchemaOf): Json[] {
  if (!query) return []
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Record<string, Json>
    required?: string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }))
}

function requestBody(
  body: NonNullable<CallSpec['body']>,
  example: object | undefined,
  schemaOf: SchemaOf,
): Json {
  if (body.kind !== 'json')
    return { required: true, description: body.description, content: { [body.mediaType]: {} } }
  const content = { schema: schemaOf(body.schema, 'input'), ...(example && { example }) }
  return { required: true, content: { 'application/json': content } }
}

function success({ output, example }: CallSpec, schemaOf: SchemaOf): Json {
  switch (output.kind) {
    case 'json': {
      const content = {
        schema: schemaOf(output.schema, 'output'),
        ...(example?.answer && { example: example.answer }),
      }
      return { description: 'Done.', content: { 'application/json': content } }
    }
    case 'none':
      return { description: 'Done; no body.' }
    case 'text':
      return { description: output.description, content: { 'text/plain': { schema: { type: 'string' } } } }
    case 'stream':
      return { description: output.description, content: { [output.mediaType]: {} } }
    case 'redirect':
      return { description: output.description }
  }
}

function failures(call: CallSpec): Json {
  const byStatus: Record<number, string[]> = {}
  for (const [code, when] of Object.entries(errorsOf(call)))
    (byStatus[ERRORS[code as ErrorCode].status] ??= []).push(`\`${code}\`: ${when}`)
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, lines]) => [status, { description: lines.join('\n'), content }]),
  )
}

/** The JSON Schema of `schema`; what it refers to is added to `components`. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', components: Json): Json {
  const {
    $defs = {},
    $schema: _,
    ...root
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      // Clients must accept fields that a later version adds.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
      // Its format says it.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
    },
  })
  const { id, ...inline } = withComponentRefs(root) as Json
  for (const [name, definition] of Object.entries($defs))
    components[name] = withoutId(withComponentRefs(definition))
  if (typeof id !== 'string') return inline
  components[id] = inline
  return { $ref: `#/components/schemas/${id}` }
}

const withComponentRefs = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/'))

function withoutId(definition: unknown): Json {
  const { id: _, ...rest } = definition as Json
  return rest
}
