/** What a stranger reads when an app fails: nothing of its code, unless its developer wants that. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { type TestSpace, startTestSpace } from './support/space.ts'

let my: TestSpace
let host: string
beforeAll(async () => {
  my = await startTestSpace()
  const { url } = await my.push(await my.copyApp('tests/fixtures/throws'))
  host = new URL(url).host
})
afterAll(async () => await my?.[Symbol.asyncDispose]())

const get = async (path: string) => {
  const answer = await my.server.request(host, path, { headers: { Accept: 'text/html' } })
  return { status: answer.status, text: await answer.text() }
}

test.each(['/throws', '/bun'])('%s answers 500 without a stack trace', async (path) => {
  const { status, text } = await get(path)
  expect(status).toBe(500)
  expect(text).not.toMatch(/secret|index\.[jt]s|node_modules|\bat /)
})

test('`run` may say otherwise', async () => {
  expect((await get('/verbose/throws')).text).toContain('secret of the code')
})

test('a preset may say otherwise', async () => {
  expect((await get('/env')).text).toBe('production')
  expect((await get('/preset/env')).text).toBe('staging')
})
