/** The owner's own view of a collection's data, and files of an app that try to run as a page of Home. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { until } from '../kernel/testing/until.ts'
import { FROM, HOME, type Owner, type TestApi, json, openTestApi, setUp } from './testing/test-api.ts'

let platform: TestApi
let owner: Owner
let id: string
beforeAll(async () => {
  platform = await openTestApi()
  owner = await setUp(platform)
  const created = call('POST', '/collections', { body: { name: 'Recipes' } })
  id = (await json<{ id: string }>(created)).id
})
afterAll(() => platform[Symbol.asyncDispose]())

const call = (method: string, path: string, options: object = {}) =>
  platform.call(method, `/api/v0${path}`, { cookie: owner.cookie, from: FROM.home, ...options })
const search = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
const base = (method: string, path: string, fields: object = {}, body?: object) =>
  call(method, `/collections/${id}/base/${path}?${search({ base: 'recipes', ...fields })}`, { body })
const drive = (method: string, path: string, fields: object = {}, options: object = {}) =>
  call(method, `/collections/${id}/drive/${path}?${search({ drive: 'files', ...fields })}`, options)
const put = (name: string, body: string | Uint8Array, type?: string) =>
  drive('POST', 'files', { name }, { body, headers: type === undefined ? {} : { 'Content-Type': type } })
const download = (name: string, headers: object = {}) => drive('GET', 'file', { name }, { headers })

const AWKWARD = ['a/b', '..', '.', '%2F', '%', '#?&', '@', 'é', '💾', 'a+b', ' ', '"><script>', '\\', '\n']

describe('items', () => {
  test('are added, changed, found and deleted', async () => {
    const soup = { key: 'soup', title: 'Soup', minutes: 25, tags: ['warm'], deep: { a: 1 } }
    expect((await base('POST', 'items', {}, { item: soup })).status).toBe(201)
    expect((await base('POST', 'items', {}, { item: soup })).status).toBe(409)
    await base('PATCH', 'item', { key: 'soup' }, { set: { minutes: 30 }, delete: ['tags'] })
    const { tags: _, ...changed } = { ...soup, minutes: 30 }
    expect(await json<object>(base('GET', 'item', { key: 'soup' }))).toEqual(changed)
    const found = base('POST', 'query', {}, { query: [{ 'minutes?gt': 29 }] })
    expect(await json<object>(found)).toEqual({ paging: { size: 1 }, items: [changed] })
    await base('DELETE', 'item', { key: 'soup' })
    expect((await base('GET', 'item', { key: 'soup' })).status).toBe(404)
  })

  test('come page by page', async () => {
    await base('PUT', 'items', { base: 'pages' }, { items: [{ key: 'a' }, { key: 'b' }, { key: 'c' }] })
    const page = (body: object) => json<object>(base('POST', 'query', { base: 'pages' }, body))
    expect(await page({ limit: 2 })).toEqual({
      paging: { size: 2, last: 'b' },
      items: [{ key: 'a' }, { key: 'b' }],
    })
    expect(await page({ limit: 2, last: 'b' })).toEqual({ paging: { size: 1 }, items: [{ key: 'c' }] })
    expect(await page({ limit: 1, sort: 'desc' })).toMatchObject({ items: [{ key: 'c' }] })
  })

  test.each(AWKWARD)('may have the key and the Base %j', async (text) => {
    const at = { base: text, key: text }
    const item = { key: text, text }
    expect((await base('PUT', 'items', at, { items: [item] })).status).toBe(200)
    expect(await json<object>(base('GET', 'item', at))).toEqual(item)
    expect(await json<object>(base('POST', 'query', at, {}))).toMatchObject({ items: [item] })
    expect(await json<object>(base('DELETE', 'item', at))).toEqual({ key: text })
    expect((await base('GET', 'item', at)).status).toBe(404)
  })

  test.each([
    ['a bad query', { query: [{ 'a?': 1 }] }, 'Bad query'],
    ['a query that is no list', { query: 'x' }, 'Bad query'],
  ])('%s is answered with the reason', async (_, body, reason) => {
    const answer = await base('POST', 'query', {}, body)
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { errors: [reason], detail: reason, code: 'invalid' },
    ])
  })

  test('are never answered as a page', async () => {
    await base('PUT', 'items', {}, { items: [{ key: 'x', text: '<script>alert(1)</script>' }] })
    const answer = await base('GET', 'item', { key: 'x' })
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })
})

describe('files', () => {
  test('are uploaded, listed, read and deleted', async () => {
    expect(await json<object>(put('a/one.txt', 'first'))).toEqual({ name: 'a/one.txt' })
    await put('two.txt', 'second')
    expect(await json<object>(drive('GET', 'files'))).toEqual({ names: ['a/one.txt', 'two.txt'], last: null })
    const top = drive('GET', 'files', { recursive: 'false', limit: '1' })
    expect(await json<object>(top)).toEqual({ names: ['a/'], last: 'a/' })
    const read = await download('a/one.txt')
    expect([read.status, await read.text()]).toEqual([200, 'first'])
    const gone = drive('DELETE', 'files', {}, { body: { names: ['a/one.txt', 'two.txt'] } })
    expect(await json<object>(gone)).toEqual({ deleted: ['a/one.txt', 'two.txt'] })
    expect((await download('two.txt')).status).toBe(404)
  })

  test('may arrive in parts, and appear whole', async () => {
    const name = 'large.bin'
    const begun = drive('POST', 'uploads', { name, type: 'image/png' })
    const { upload_id } = await json<{ upload_id: string }>(begun)
    for (const [part, body] of [
      ['2', 'def'],
      ['1', 'abc'],
    ] as const)
      expect((await drive('PUT', 'uploads', { name, upload_id, part }, { body })).status).toBe(200)
    expect((await download(name)).status).toBe(404)
    expect((await drive('PATCH', 'uploads', { name, upload_id })).status).toBe(200)
    const read = await download(name)
    expect([read.headers.get('content-type'), await read.text()]).toEqual(['image/png', 'abcdef'])
  })

  test('may be abandoned while they arrive', async () => {
    const name = 'half.bin'
    const { upload_id } = await json<{ upload_id: string }>(drive('POST', 'uploads', { name }))
    expect((await drive('DELETE', 'uploads', { name, upload_id })).status).toBe(204)
    expect((await drive('PATCH', 'uploads', { name, upload_id })).status).toBe(404)
  })

  test('are read in ranges, and by HEAD', async () => {
    await put('range.txt', 'abcdef')
    const part = await download('range.txt', { Range: 'bytes=1-3' })
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 1-3/6',
      'bcd',
    ])
    expect((await download('range.txt', { Range: 'bytes=9-' })).status).toBe(416)
    const etag = part.headers.get('etag')!
    expect((await download('range.txt', { 'If-None-Match': etag })).status).toBe(304)
    const head = await drive('HEAD', 'file', { name: 'range.txt' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  test('may be no larger than a part in one piece', async () => {
    expect((await put('huge', new Uint8Array(10 * 1024 * 1024 + 1))).status).toBe(413)
  })

  test.each(AWKWARD.filter((name) => name.trim() !== ''))('may have the name %j', async (name) => {
    expect((await put(name, 'content')).status).toBe(201)
    expect(await (await download(name)).text()).toBe('content')
    expect(await json<{ names: string[] }>(drive('GET', 'files'))).toMatchObject({
      names: expect.arrayContaining([name]) as string[],
    })
  })
})

describe('a file of an app in the browser of its owner', () => {
  const HOSTILE = '<script>alert(document.domain)</script>'

  test.each([
    ['page.html', 'text/html'],
    ['page.xhtml', 'application/xhtml+xml'],
    ['page.xml', 'text/xml'],
    ['script.js', 'text/javascript'],
    ['worker.js', 'application/javascript'],
    ['module.mjs', 'text/javascript'],
    ['style.css', 'text/css'],
    ['paper.pdf', 'application/pdf'],
    ['page.mht', 'multipart/related'],
    ['page.html', 'image/png, text/html'],
    ['page.html', 'image/png\ttext/html'],
    ['page.html', ' text/html ; charset=utf-7'],
    ['page.html', undefined],
    ['guess.svg', undefined],
  ])('%s as %j is only bytes, and only a download', async (name, type) => {
    await put(name, HOSTILE, type)
    const { headers } = await download(name)
    expect(headers.get('content-type')).toMatch(
      name.endsWith('.svg') ? 'image/svg+xml' : 'application/octet-stream',
    )
    expectHarmless(headers)
  })

  test.each(['image/png', 'image/svg+xml', 'audio/mpeg', 'video/mp4', 'IMAGE/PNG; x="<script>"'])(
    'a file with the type %s keeps it, and is a download',
    async (type) => {
      await put('shown', HOSTILE, type)
      const { headers } = await download('shown')
      expect(headers.get('content-type')).toBe(type.split(';')[0]!.toLowerCase())
      expectHarmless(headers)
    },
  )

  test.each([
    ['a/b/photo.jpg', 'photo.jpg'],
    ['x"; filename="evil.html', 'x_; filename=_evil.html'],
    ['a\r\nSet-Cookie: space_home=evil', 'a__Set-Cookie_ space_home=evil'],
    ['photo\u202Egpj.exe', 'photo_gpj.exe'],
    ['..\\..\\evil', '.._.._evil'],
    ["it's 100 % (é) 💾.txt", "it's 100 % (é) 💾.txt"],
  ])('the name %j is saved as %j', async (name, saved) => {
    await put(name, 'x')
    const { headers } = await download(name)
    expectHarmless(headers)
    const encoded = /^attachment; filename\*=UTF-8''([A-Za-z0-9%._~-]+)$/.exec(
      headers.get('content-disposition')!,
    )?.[1]
    expect(decodeURIComponent(encoded!)).toBe(saved)
  })

  test('a part of it is as harmless as the whole', async () => {
    await put('page.html', HOSTILE, 'text/html')
    for (const range of ['bytes=0-3', 'bytes=900-'])
      expectHarmless((await download('page.html', { Range: range })).headers)
  })

  test('a page of another app cannot read it', async () => {
    await put('photo.png', 'x', 'image/png')
    for (const from of [FROM.sibling, { ...FROM.sibling, Origin: '' }]) {
      const { Origin, ...rest } = from
      const answer = await drive('GET', 'file', { name: 'photo.png' }, { from: Origin ? from : rest })
      expect(answer.status).toBe(401)
    }
  })

  test('its download ends with the session', async () => {
    const name = 'long.bin'
    const { upload_id } = await json<{ upload_id: string }>(drive('POST', 'uploads', { name }))
    for (const part of ['1', '2'])
      await drive('PUT', 'uploads', { name, upload_id, part }, { body: new Uint8Array(9_000_000) })
    await drive('PATCH', 'uploads', { name, upload_id })
    const session = await platform.call('POST', '/api/v0/session', {
      body: { username: 'ada', password: 'correct horse battery' },
      from: { ...FROM.home, Origin: HOME },
    })
    const cookie = session.headers.get('set-cookie')!.split(';', 1)[0]!
    const reader = (await drive('GET', 'file', { name }, { cookie })).body!.getReader()
    await reader.read()
    await platform.call('DELETE', '/api/v0/session', { cookie, from: FROM.home })
    let end = ''
    const readOn = async () => {
      if ((await reader.read()).done) end = 'complete'
    }
    await until('the download ends', async () => {
      await readOn().catch(() => (end = 'cut'))
      return end !== ''
    })
    expect(end).toBe('cut')
  })
})

function expectHarmless(headers: Headers): void {
  expect(headers.get('content-disposition')).toStartWith('attachment; ')
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox; frame-ancestors 'none'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('cross-origin-resource-policy')).toBe('same-origin')
  expect(headers.get('set-cookie')).toBeNull()
}
