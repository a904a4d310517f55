import { describe, expect, test } from 'bun:test'
import { z } from 'zod'
import { CALLS } from './calls.ts'
import { type CallSpec, nameOf } from './define-call.ts'
import { ERRORS } from './errors.ts'
import { errorsOf } from './errors-of.ts'
import { openApiDocument } from './openapi.ts'
import { RESOURCES } from './resources.ts'

const rows = CALLS.map((spec) => [nameOf(spec), spec] as const)
const paramsIn = (path: string) => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!)
const OPENAPI = 'GET /api/v0/openapi.json'

describe.each(rows)('%s', (name, spec) => {
  test('describes each parameter of its path', () => {
    expect(Object.keys(spec.params ?? {})).toEqual(paramsIn(spec.path))
  })

  test('has a summary that can be a title', () => {
    expect(spec.summary).toMatch(/^[A-Z].*[^.]$/)
  })

  test('says where the id of its resource is', () => {
    const { resource } = spec
    if (typeof resource === 'string') expect(paramsIn(spec.path)).toEqual([...RESOURCES[resource].ids])
    if (typeof resource === 'object' && 'in' in resource) {
      const place = resource.in === 'query' ? spec.query : spec.body?.schema
      expect(place).toBeInstanceOf(z.ZodObject)
      expect(Object.keys((place as z.ZodObject).shape)).toContain(resource.field)
    }
  })

  test('has examples that fit', () => {
    const { query, body, output, example = {} } = spec
    if (example.query) expect(query?.safeParse(example.query)).toMatchObject({ success: true })
    if (body?.kind === 'json') expect(body.schema.safeParse(example.body)).toMatchObject({ success: true })
    if (output.kind === 'json' && name !== OPENAPI)
      expect(output.schema.safeParse(example.answer)).toMatchObject({ success: true })
  })

  test('answers with nothing that it does not declare', () => {
    if (spec.output.kind !== 'json' || name === OPENAPI) return
    expect(openObjects(z.toJSONSchema(spec.output.schema, { io: 'input' }))).toEqual([])
  })

  test('fails with codes that there are', () => {
    expect(Object.keys(errorsOf(spec)).filter((code) => !(code in ERRORS))).toEqual([])
  })
})

describe('the OpenAPI document', () => {
  const document = openApiDocument('1.2.3')
  const text = JSON.stringify(document)
  const operations = Object.values(document.paths).flatMap((path) => Object.values(path)) as {
    operationId: string
    parameters: { name: string; in: string }[]
  }[]

  test('has each call, with an id of its own', () => {
    expect(operations.length).toBe(CALLS.length)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(CALLS.length)
  })

  test('defines what it refers to', () => {
    const { schemas } = document['components'] as { schemas: object }
    const references = [...text.matchAll(/"#\/([^"]+)"/g)].map(([, path]) => path!)
    const known = Object.keys(schemas).map((name) => `components/schemas/${name}`)
    expect(references.filter((reference) => !known.includes(reference))).toEqual([])
    expect(references.length).toBeGreaterThan(100)
  })

  test('names each parameter of a path', () => {
    for (const [path, calls] of Object.entries(document.paths)) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!)
      for (const { parameters } of Object.values(calls) as typeof operations)
        expect(parameters.filter((one) => one.in === 'path').map(({ name }) => name)).toEqual(names)
    }
  })

  test('lets later versions add fields to answers', () => {
    expect(text).not.toContain('"additionalProperties":false')
  })
})

/** Objects of a JSON schema that take any field. */
function openObjects(schema: unknown): unknown[] {
  if (typeof schema !== 'object' || schema === null) return []
  const isOpen =
    'properties' in schema && (schema as { additionalProperties?: unknown }).additionalProperties !== false
  return [...(isOpen ? [schema] : []), ...Object.values(schema).flatMap(openObjects)]
}

test('a call is named by method and path', () => {
  const call: Pick<CallSpec, 'method' | 'path'> = { method: 'GET', path: '/api/v0/apps/:id' }
  expect(nameOf(call)).toBe('GET /api/v0/apps/:id')
})
