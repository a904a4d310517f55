import { expect, test } from 'bun:test'
import type { Field } from '../../wire/index.ts'
import { allowsOwnScript } from './allows-own-script.ts'

const fieldsOf = (fields: readonly string[]): Field[] =>
  fields.map((line) => {
    const [key = '', value = ''] = line.split(/: (.*)/)
    return { key, value } as Field
  })
const rows = (all: readonly string[][]) => all.map((fields) => [fields] as const)
const CSP = 'content-security-policy'

test.each(
  rows([
    [],
    ['content-type: text/html'],
    [`${CSP}: script-src 'self'`],
    [`${CSP}: default-src 'none'; Script-Src 'SELF' https://cdn.example`],
    [`${CSP}: default-src 'none'; script-src 'none'; script-src-elem 'self'`],
    [`${CSP}: script-src *`],
    [`${CSP}: img-src 'none'; frame-ancestors 'none'`],
    [`${CSP}: sandbox allow-scripts`],
    [`${CSP}: script-src 'self', default-src 'self'`],
  ]),
)('a script of the page’s origin is allowed by %j', (fields) =>
  expect(allowsOwnScript(fieldsOf(fields))).toBe(true),
)

test.each(
  rows([
    [`${CSP}: default-src 'none'`],
    [`${CSP}: script-src 'none'`],
    [`${CSP}: script-src https://cdn.example`],
    [`${CSP}: script-src`],
    [`${CSP}: script-src 'nonce-abc'`],
    [`${CSP}: script-src 'self' 'nonce-abc'`],
    [`${CSP}: script-src 'self' 'sha256-abc'`],
    [`${CSP}: script-src 'self' 'strict-dynamic'`],
    [`${CSP}: script-src 'self'; script-src-elem 'none'`],
    [`${CSP}: script-src 'none'; script-src 'self'`],
    [`${CSP}: script-src 'self', script-src 'none'`],
    [`${CSP}: script-src 'self'`, `${CSP}: default-src 'none'`],
    [`${CSP}: sandbox`],
    [`${CSP}-report-only: script-src 'none'`],
    ['integrity-policy: blocked-destinations=(script)'],
  ]),
)('a script of the page’s origin is not allowed by %j', (fields) =>
  expect(allowsOwnScript(fieldsOf(fields))).toBe(false),
)
