/** The main job without a browser, as on a server or in a pipeline. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { spaceJson } from './support/command.ts'
import { type Pushed, type TestSpace, rawRequest, startTestSpace } from './support/space.ts'

let my: TestSpace
beforeAll(async () => void (my = await startTestSpace()))
afterAll(async () => await my?.[Symbol.asyncDispose]())

describe('an app with two micros', () => {
  let pushed: Pushed
  const host = () => new URL(pushed.url).host
  const get = (path: string, headers: Record<string, string> = {}) =>
    my.server.request(host(), path, { headers })

  beforeAll(async () => void (pushed = await my.push(await my.copyApp('examples/two-micros'))))

  test('is pushed in one go', () => {
    expect(pushed.revision).toMatch(/^[a-z]+-[a-z]{4}$/)
  })

  test('opens the one public route of the micro behind /api, and nothing else', async () => {
    expect((await get('/api/public')).status).toBe(200)
    for (const path of [
      '/',
      '/index.html',
      '/public',
      '/api',
      '/api/',
      '/api/secret',
      '/api/public/',
      '/api/publicx',
      '/apipublic',
    ])
      expect([path, (await get(path)).status]).toEqual([path, 401])
  })

  test.each([
    '/api/public/../secret',
    '/api/public/%2e%2e/secret',
    '/api/./public',
    '/api//public',
    '/api/%70ublic',
    '/api/public%2f',
    '/api/public;x',
    '/api/public/..%2fsecret',
  ])('%s is not public', async (path) => {
    const { status } = await rawRequest(my.server.port, [`GET ${path} HTTP/1.1`, `Host: ${host()}`])
    expect([400, 401]).toContain(status)
  })

  test('rejects keys where no micro accepts them', async () => {
    const made = await my.run(['keys', 'create', 'two-micros', '--name', 'x', '--json'])
    if (made.exitCode !== 0)
      return expect(JSON.parse(made.stdout)).toMatchObject({ error: { code: expect.any(String) } })
    const { value } = JSON.parse(made.stdout) as { value: string }
    expect((await get('/api/secret', { 'X-Space-App-Key': value })).status).toBe(401)
  })
})

describe('an app with keys', () => {
  let pushed: Pushed
  const alias = () => new URL(pushed.url).host.split('.')[0]!
  const get = (headers: Record<string, string>) =>
    my.server.request(new URL(pushed.url).host, '/', { headers })

  const createKey = () =>
    spaceJson<{ id: string; value: string }>(
      ['keys', 'create', alias(), '--name', crypto.randomUUID()],
      my.terminal,
    )

  beforeAll(async () => {
    const folder = await my.copyApp('examples/express')
    const spacefile = Bun.file(`${folder}/Spacefile`)
    await Bun.write(spacefile, `${(await spacefile.text()).trimEnd()}\n    presets:\n      api_keys: true\n`)
    pushed = await my.push(folder)
  })

  test('takes a key that the command line made', async () => {
    const key = await createKey()
    expect(await (await get({ 'X-Space-App-Key': key.value })).text()).toBe('Hello world using Express.')
  })

  test('judges a presented key alone: a wrong one is 401 whatever else is there', async () => {
    const key = await createKey()
    for (const value of ['', 'x', `${key.value}x`, key.value.toUpperCase(), ` ${key.value},${key.value}`])
      expect((await get({ 'X-Space-App-Key': value })).status).toBe(401)
    expect((await get({ Authorization: `Bearer ${key.value}` })).status).toBe(401)
  })

  test('a deleted key stops working at once', async () => {
    const key = await createKey()
    expect((await get({ 'X-Space-App-Key': key.value })).status).toBe(200)
    expect((await my.run(['keys', 'delete', alias(), key.id])).exitCode).toBe(0)
    expect((await get({ 'X-Space-App-Key': key.value })).status).toBe(401)
  })

  test('is listed with its address', async () => {
    const { apps } = await spaceJson<{ apps: { url: string }[] }>(['apps'], my.terminal)
    expect(apps.map(({ url }) => url)).toContain(pushed.url)
    const opened = await my.run(['open', alias(), '--print'])
    expect(opened.stdout.trim()).toBe(pushed.url)
  })
})

test('an unknown host reveals nothing', async () => {
  for (const host of [
    'nothing-here.space.localhost',
    'evil.example',
    'a.b.space.localhost',
    'space.localhost.evil.example',
  ]) {
    const answer = await my.server.request(host, '/', { headers: { Accept: 'text/html' } })
    expect([host, answer.status]).toEqual([host, 404])
  }
})

test('the API of Home does not exist on an app host', async () => {
  const { url } = await my.push(await my.copyApp('examples/express'))
  for (const path of ['/api/v0/status', '/api/v0/time', '/auth/handoff', '/__space/api/v0/status'])
    expect([path, (await my.server.request(new URL(url).host, path)).status >= 400]).toEqual([path, true])
})
