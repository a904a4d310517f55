import { expect, test } from 'bun:test'
import { API_DOCS_PATH, renderApiDocs } from '../scripts/build-api-docs.ts'

test('docs/api.md is what the contract says (after a change: bun scripts/build-api-docs.ts)', async () => {
  expect(await Bun.file(API_DOCS_PATH).text()).toBe(renderApiDocs())
})
