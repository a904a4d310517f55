/** The data of an app leaves as a zip archive, and enters another collection. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type TestSpace, startTestSpace } from './support/space.ts'

setDefaultTimeout(120_000)

let my: TestSpace
let recipes: string
let key: string

beforeAll(async () => {
  my = await startTestSpace({ args: ['--sandbox', 'off'] })
  recipes = (await my.run(['collections', 'create', 'Recipes'])).stdout.trim()
  key = (await my.run(['data-keys', 'create', recipes, '--name', 'test'])).stdout.trim()
})
afterAll(async () => await my?.[Symbol.asyncDispose]())

const ask = (dataKey: string, service: 'database' | 'drive', path: string, init: RequestInit = {}) =>
  my.server.request(`${service}.space.localhost`, `/v1/${dataKey.split('_')[0]}/soups${path}`, {
    ...init,
    headers: { 'X-API-Key': dataKey },
  })
const at = (name: string) => join(my.folder, name)

test('a collection is exported, and imported into another, by its name or id', async () => {
  const items = Array.from({ length: 25 }, (_, n) => ({ key: `k${n}`, text: 'x'.repeat(2_000) }))
  const large = crypto.getRandomValues(new Uint8Array(9 * 1_048_576))
  expect(
    (await ask(key, 'database', '/items', { method: 'PUT', body: JSON.stringify({ items }) })).status,
  ).toBe(207)
  expect((await ask(key, 'drive', '/files?name=a%2Fb.bin', { method: 'POST', body: large })).status).toBe(201)
  expect(await my.run(['collections', 'export', 'Recipes', 'recipes.zip'])).toMatchObject({ exitCode: 0 })

  const copy = (await my.run(['collections', 'create', 'Copy'])).stdout.trim()
  const copyKey = (await my.run(['data-keys', 'create', copy, '--name', 'test'])).stdout.trim()
  const imported = await my.run(['collections', 'import', copy, 'recipes.zip', '--json'])
  expect(JSON.parse(imported.stdout)).toMatchObject({ items: 25, files: 1, failed: 0, done: true })
  const found = (await (
    await ask(copyKey, 'database', '/query', { method: 'POST', body: '{}' })
  ).json()) as object
  expect(found).toMatchObject({ items: items.toSorted((a, b) => (a.key < b.key ? -1 : 1)) })
  expect(await (await ask(copyKey, 'drive', '/files/download?name=a%2Fb.bin')).bytes()).toEqual(large)
  // The copy that was exported is gone.
  expect(readdirSync(join(my.server.dataDir, 'collections')).toSorted()).toEqual([recipes, copy].toSorted())
})

test('an existing file stays, unless it is to be replaced', async () => {
  await Bun.write(at('kept.zip'), 'mine')
  expect(await my.run(['collections', 'export', recipes, 'kept.zip'])).toMatchObject({ exitCode: 1 })
  expect(await Bun.file(at('kept.zip')).text()).toBe('mine')
  expect(await my.run(['collections', 'export', recipes, 'kept.zip', '--replace'])).toMatchObject({
    exitCode: 0,
  })
  expect(Bun.file(at('kept.zip')).size).toBeGreaterThan(1_000)
})

test('a folder is imported as an archive is', async () => {
  await Bun.write(at('old/bases/soups.json'), '[{"key":"from a folder"},{"n":1}]')
  await Bun.write(at('old/drives/soups/deep/é.txt'), 'text')
  const { stdout, exitCode } = await my.run(['collections', 'import', recipes, 'old', '--json'])
  expect(exitCode).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'incomplete' } })
  expect(stdout).toContain('1 item into 1 Base')
  expect(stdout).toContain('an item has no key')
  expect((await ask(key, 'database', '/items/from%20a%20folder')).status).toBe(200)
})

describe('what is no export', () => {
  test('is refused with a message, and leaves no upload behind', async () => {
    await Bun.write(at('text.zip'), 'no archive')
    const { stderr, exitCode } = await my.run(['collections', 'import', recipes, 'text.zip'])
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('The archive is damaged')])
    expect(readdirSync(join(my.server.dataDir, 'uploads'))).toEqual([])
    expect(existsSync(at('text.zip'))).toBe(true)
  })
})

test('a move to a store that the server does not have is refused with what to do', async () => {
  const { stderr, exitCode } = await my.run(['data', 'move', recipes, '--to', 's3'])
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('start it with --data-blobs')])
  expect((await my.run(['data', 'move', recipes, '--to', 'tape'])).exitCode).toBe(2)
  expect((await ask(key, 'database', '/items/k1')).status).toBe(200)
})
