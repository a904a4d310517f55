/** Writes docs/api.md from the contract. A test compares the page with what this would write. */
import { join } from 'node:path'
import packageJson from '../package.json' with { type: 'json' }
import { ERRORS, openApiDocument, SUBJECTS } from '../src/contract/index.ts'
import { type Operation, callSection, fieldTable, table } from './api-docs/call-section.ts'
import type { Schema } from './api-docs/type-text.ts'

export const API_DOCS_PATH = join(import.meta.dir, '../docs/api.md')

/** The whole page. */
export function renderApiDocs(): string {
  const { paths, components } = openApiDocument(packageJson.version)
  const { schemas } = components as { schemas: Record<string, Schema> }
  const operationOf = (method: string, path: string) =>
    paths[path.replace(/:(\w+)/g, '{$1}')]![method.toLowerCase()] as Operation
  const blocks = [
    ...INTRODUCTION,
    ...SUBJECTS.flatMap(({ title, calls }) => [
      `## ${title}`,
      ...calls.flatMap((spec) => callSection(spec, operationOf(spec.method, spec.path))),
    ]),
    '## Shapes',
    ...Object.keys(schemas)
      .toSorted()
      .flatMap((name) => shape(name, schemas[name]!)),
  ]
  return `${blocks.join('\n\n')}\n`
}

const shape = (name: string, schema: Schema): string[] => [
  `### ${name}`,
  ...(schema.description ? [schema.description] : []),
  ...fieldTable(schema),
]

const INTRODUCTION = [
  '<!-- Written by scripts/build-api-docs.ts from src/contract/: change the contract, not this page. -->',
  '# The HTTP API',
  'Home answers these calls. The same as an OpenAPI 3.1 document: `/api/v0/openapi.json` on your server. The calls that the official CLI of Deta Space makes have its shapes exactly; the rest is ours.',
  '## Who may call',
  'A call **for a person who is signed in** takes either the session cookie of Home, on a request that Home’s own page makes, or a signature with an access token. The token itself is never sent: `X-Deta-Timestamp` has the time in Unix seconds, and `X-Deta-Signature: v0=<token id>:<signature>` the HMAC-SHA-256, in hexadecimal, with the secret of the token over these lines, each with a line feed: method, path with query, timestamp, `Content-Type`, body. A signature is good for five minutes: eight times while it is younger than two seconds, then once. `space` and the official CLI sign for you.',
  'An access token has a scope: `all`, `push` or `read`. Each call lists the scopes that it takes; other tokens get 403.',
  'A thing of another person is answered as if it did not exist: 404.',
  '## Errors',
  'Every error has the body `{"errors": ["…"], "detail": "…", "code": "…"}`. Text is for people and may change; codes do not. Each call lists its own; every call may also fail with those of 500 and above.',
  ...table(
    ['code', 'status', 'when'],
    Object.entries(ERRORS).map(([code, { status, when }]) => [`\`${code}\``, String(status), when]),
  ),
]

if (import.meta.main) await Bun.write(API_DOCS_PATH, renderApiDocs())
