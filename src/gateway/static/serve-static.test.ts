import { expect, test } from 'bun:test'
import { rmSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { MAX_IN_MEMORY_BYTES } from './representation.ts'
import { createTestSite } from './testing/test-site.ts'

const NAVIGATION = { 'sec-fetch-mode': 'navigate', accept: 'text/html,*/*;q=0.8' }
const LARGE = 'abcdefghij'.repeat(MAX_IN_MEMORY_BYTES / 8)

test('a file is sent with its type and validators, for its owner alone', () => {
  using site = createTestSite({ 'app.css': 'body{}' })
  const { status, text, header } = site.ask('/app.css')
  expect([status, text]).toEqual([200, 'body{}'])
  expect(header('content-type')).toBe('text/css; charset=utf-8')
  expect(header('etag')).toMatch(/^"[\w-]{22}"$/)
  expect(header('last-modified')).toMatch(/GMT$/)
  expect(header('cache-control')).toBe('private, no-cache')
  expect(header('x-content-type-options')).toBe('nosniff')
})

test('hashed names are kept for a year and never by shared caches', () => {
  using site = createTestSite({ 'app.3f2a9c1b.js': '1', '_app/immutable/x.js': '2' })
  for (const path of ['/app.3f2a9c1b.js', '/_app/immutable/x.js'])
    expect(site.ask(path).header('cache-control')).toBe('private, max-age=31536000, immutable')
})

test('a folder is its index, after a redirect to its slash that keeps query and mount', () => {
  using site = createTestSite({ 'index.html': 'home', 'docs/index.html': 'docs', 'a:b/index.html': 'x' })
  expect(site.ask('/').text).toBe('home')
  expect(site.ask('/docs/').text).toBe('docs')
  const redirect = site.ask('/docs', { query: '?page=2' })
  expect([redirect.status, redirect.header('location')]).toEqual([301, './docs/?page=2'])
  expect(site.ask('/a:b').header('location')).toBe('./a:b/')
})

test('a mount without its slash is redirected to it, so that relative links stay below it', () => {
  using site = createTestSite({ 'index.html': 'manual' })
  const bare = site.ask('/', { browserPath: '/docs', query: '?a' })
  expect([bare.status, bare.header('location')]).toEqual([301, './docs/?a'])
  expect(site.ask('/', { browserPath: '/docs/' }).text).toBe('manual')
})

test('a folder without an index is not there, with or without its slash', () => {
  using site = createTestSite({ 'img/a.png': 'x' })
  expect(site.ask('/img').status).toBe(404)
  expect(site.ask('/img/').status).toBe(404)
})

test('names are exact: no added extension, no other case, no slash after a file', () => {
  using site = createTestSite({ 'about.html': 'x' })
  for (const path of ['/about', '/About.html', '/about.html/', '/about.html/x', '//about.html'])
    expect([path, site.ask(path).status]).toEqual([path, 404])
})

test('an escaped name is decoded once', () => {
  using site = createTestSite({ 'ü b+c.txt': 'decoded', '%2e.txt': 'literal' })
  expect(site.ask('/%C3%BC%20b+c.txt').text).toBe('decoded')
  expect(site.ask('/%252e.txt').text).toBe('literal')
})

test('only GET and HEAD are answered', () => {
  using site = createTestSite({ 'index.html': 'x' })
  expect(site.ask('/', { method: 'HEAD' }).status).toBe(200)
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND', 'get']) {
    const { status, header } = site.ask('/', { method })
    expect([method, status, header('allow')]).toEqual([method, 405, 'GET, HEAD'])
  }
})

test('the same bytes keep their ETag across revisions, other bytes never do', () => {
  using one = createTestSite({ 'a.js': 'same' })
  using two = createTestSite({ 'a.js': 'same' })
  using three = createTestSite({ 'a.js': 'else' })
  expect(one.ask('/a.js').header('etag')).toBe(two.ask('/a.js').header('etag'))
  expect(one.ask('/a.js').header('etag')).not.toBe(three.ask('/a.js').header('etag'))
})

test('a current copy is answered with 304, which names the ETag and no type', () => {
  using site = createTestSite({ 'a.js': 'x', 'large.js': LARGE })
  for (const path of ['/a.js', '/large.js']) {
    const etag = site.ask(path).header('etag')!
    const { status, bytes, header } = site.ask(path, { headers: { 'if-none-match': etag } })
    expect([status, bytes.length]).toEqual([304, 0])
    expect(header('etag')).toBe(etag)
    expect(header('vary')).toBe('Accept-Encoding')
    expect(header('content-type')).toBeNull()
  }
})

test('a date yet to come is not sent', () => {
  using site = createTestSite({ 'a.js': 'x' })
  utimesSync(join(site.root, 'a.js'), 9e9, 9e9)
  expect(site.ask('/a.js').header('last-modified')).toBeNull()
})

test('a large file comes from disk and an empty one is empty', () => {
  using site = createTestSite({ 'large.bin': LARGE, 'empty.txt': '' })
  expect(site.ask('/large.bin').text).toBe(LARGE)
  expect(site.ask('/large.bin').text).toBe(LARGE)
  const empty = site.ask('/empty.txt', { headers: { range: 'bytes=0-' } })
  expect([empty.status, empty.bytes.length]).toEqual([200, 0])
})

test('one range is sent as such, of small and large files alike', () => {
  using site = createTestSite({ 'small.txt': '0123456789', 'large.txt': LARGE })
  const small = site.ask('/small.txt', { headers: { range: 'bytes=2-4' } })
  expect([small.status, small.text, small.header('content-range')]).toEqual([206, '234', 'bytes 2-4/10'])
  const large = site.ask('/large.txt', { headers: { range: 'bytes=-3' } })
  expect([large.status, large.text]).toEqual([206, LARGE.slice(-3)])
  expect(site.ask('/small.txt', { headers: { range: 'bytes=10-' } }).header('content-range')).toBe(
    'bytes */10',
  )
})

test('several ranges are parts of one body, each with its place', () => {
  using site = createTestSite({ 'small.txt': '0123456789', 'large.txt': LARGE })
  for (const [path, size] of [
    ['/small.txt', 10],
    ['/large.txt', LARGE.length],
  ] as const) {
    const { status, text, header } = site.ask(path, { headers: { range: 'bytes=0-1,4-5' } })
    const boundary = /^multipart\/byteranges; boundary=(\w+)$/.exec(header('content-type')!)![1]
    const part = (range: string, bytes: string) =>
      `--${boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Range: bytes ${range}/${size}\r\n\r\n${bytes}\r\n`
    const [a, b] = path === '/small.txt' ? ['01', '45'] : ['ab', 'ef']
    expect(status).toBe(206)
    expect(text).toBe(`${part('0-1', a)}${part('4-5', b)}--${boundary}--\r\n`)
  }
})

test('a range of changed content is the whole new content', () => {
  using site = createTestSite({ 'a.txt': 'old content' })
  const headers = { range: 'bytes=4-', 'if-range': site.ask('/a.txt').header('etag')! }
  expect(site.ask('/a.txt', { headers }).text).toBe('content')
  site.write('a.txt', 'new and longer')
  const after = site.ask('/a.txt', { headers })
  expect([after.status, after.text]).toEqual([200, 'new and longer'])
})

test('HEAD describes the whole file whatever the range', () => {
  using site = createTestSite({ 'a.txt': '0123456789' })
  expect(site.ask('/a.txt', { method: 'HEAD', headers: { range: 'bytes=0-1' } }).status).toBe(200)
})

test('a compressed sibling is sent to those who take it, under its own ETag', () => {
  using site = createTestSite({
    'a.js': 'plain text',
    '../root.br/a.js': 'br',
    '../root.gz/a.js': 'gzip',
    '../root.zst/a.js': 'zst',
  })
  const ask = (encoding: string) => site.ask('/a.js', { headers: { 'accept-encoding': encoding } })
  expect(ask('gzip, br').text).toBe('br')
  expect(ask('zstd, gzip').text).toBe('zst')
  expect(ask('gzip;q=1, br;q=0.5').text).toBe('gzip')
  expect(ask('identity').text).toBe('plain text')
  expect(ask('br').header('content-encoding')).toBe('br')
  expect(ask('br').header('content-type')).toBe('text/javascript; charset=utf-8')
  expect(new Set(['br', 'gzip', 'zstd', 'x'].map((one) => ask(one).header('etag'))).size).toBe(4)
  for (const one of ['br', 'x']) expect(ask(one).header('vary')).toBe('Accept-Encoding')
})

test('a compressed sibling without a gain, without its original or of an image is not sent', () => {
  using site = createTestSite({
    'a.js': '1',
    '../root.gz/a.js': '22',
    '../root.gz/b.js': 'x',
    'c.png': '22',
    '../root.gz/c.png': '1',
  })
  const ask = (path: string) => site.ask(path, { headers: { 'accept-encoding': 'gzip' } })
  expect(ask('/a.js').text).toBe('1')
  expect(ask('/b.js').status).toBe(404)
  expect(ask('/c.png').text).toBe('22')
  expect(ask('/c.png').header('vary')).toBeNull()
})

test('a range is of the plain file even where a compressed one exists', () => {
  using site = createTestSite({ 'a.js': 'plain text', '../root.br/a.js': 'br' })
  const headers = { 'accept-encoding': 'br', range: 'bytes=0-4' }
  const { text, header } = site.ask('/a.js', { headers })
  expect([text, header('content-encoding')]).toEqual(['plain', null])
})

test('HEAD says what GET would, whatever the range', () => {
  using site = createTestSite({ 'a.js': 'plain text', '../root.br/a.js': 'br', 'large.bin': LARGE })
  for (const path of ['/a.js', '/large.bin'])
    for (const coding of ['identity', 'br']) {
      const headers = { 'accept-encoding': coding }
      const get = site.ask(path, { headers })
      const head = site.ask(path, { method: 'HEAD', headers: { ...headers, range: 'bytes=0-1' } })
      expect([head.status, head.headers]).toEqual([200, get.headers])
    }
})

test('a copy in one coding is not current for who asks for another', () => {
  using site = createTestSite({ 'a.js': 'plain text', '../root.br/a.js': 'br' })
  const [br, plain] = ['br', ''].map((coding) => ({ 'accept-encoding': coding }))
  const etag = site.ask('/a.js', { headers: br }).header('etag')!
  const ask = (headers: Record<string, string>) => site.ask('/a.js', { headers })
  expect(ask({ ...br, 'if-none-match': `"x", W/${etag}` }).status).toBe(304)
  expect(ask({ ...plain, 'if-none-match': etag }).text).toBe('plain text')
  const rest = ask({ ...br, range: 'bytes=1-', 'if-range': etag })
  expect([rest.status, rest.text]).toEqual([200, 'plain text'])
})

test('names that look alike are two names', () => {
  using site = createTestSite({ 'caf\u00e9.txt': 'one letter', 'cafe\u0301.txt': 'two', 'a b.txt': 'blank' })
  expect(site.ask('/caf%C3%A9.txt').text).toBe('one letter')
  expect(site.ask('/cafe%CC%81.txt').text).toBe('two')
  expect(site.ask('/a%20b.txt').text).toBe('blank')
  for (const path of ['/caf%E9.txt', '/a+b.txt', '/A%20b.txt', '/a%2520b.txt', '/a%20b.txt%20'])
    expect([path, site.ask(path).status]).toEqual([path, 404])
})

test('a large sibling that is replaced or removed is noticed', () => {
  using site = createTestSite({ 'a.js': LARGE + LARGE, '../root.gz/a.js': LARGE })
  const ask = () => site.ask('/a.js', { headers: { 'accept-encoding': 'gzip' } })
  expect(ask().text).toBe(LARGE)
  site.write('../root.gz/a.js', LARGE.toUpperCase())
  expect(ask().text).toBe(LARGE.toUpperCase())
  rmSync(join(site.root, '../root.gz/a.js'))
  expect(ask().text).toBe(LARGE + LARGE)
})

test('in a single-page app a navigation to no file is the index, anything else is missing', () => {
  using site = createTestSite({ 'index.html': 'app', 'a.js': 'script' })
  const ask = (path: string, headers: Record<string, string>) =>
    site.ask(path, { headers, spaFallback: true })
  expect(ask('/users/john.doe', NAVIGATION).text).toBe('app')
  expect(ask('/users/', { accept: 'text/html' }).text).toBe('app')
  expect(ask('/a.js', NAVIGATION).text).toBe('script')
  expect(ask('/b.js', { accept: '*/*' }).status).toBe(404)
  expect(ask('/b.js', { accept: 'text/html', 'sec-fetch-mode': 'cors' }).status).toBe(404)
  expect(ask('/.env', NAVIGATION).status).toBe(404)
  expect(ask('/a%2fb', NAVIGATION).status).toBe(404)
})

test('elsewhere a navigation to no file is the app’s own 404 page, else ours', () => {
  using site = createTestSite({ 'index.html': 'home' })
  expect(site.ask('/x', { headers: NAVIGATION }).text).toContain('Page not found')
  site.write('404.html', 'not here')
  const own = site.ask('/x', { headers: { ...NAVIGATION, range: 'bytes=0-1', 'if-none-match': '*' } })
  expect([own.status, own.text, own.header('etag')]).toEqual([404, 'not here', null])
  expect(site.ask('/x').header('content-type')).toBe('application/json')
})
