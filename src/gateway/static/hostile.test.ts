/** What an attacker asks of a static micro. None of it may reach outside the root, a hidden file, or wait for anything. */
import { expect, test } from 'bun:test'
import { execFileSync } from 'node:child_process'
import { constants, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createTestSite, SECRET } from './testing/test-site.ts'

const TRAVERSALS = [
  '/../secret.txt',
  '/./../secret.txt',
  '/docs/../../secret.txt',
  '/docs/..',
  '/..',
  '/.',
  '/docs/.',
  '/docs/./index.html',
  '/%2e%2e/secret.txt',
  '/%2E%2e/secret.txt',
  '/.%2e/secret.txt',
  '/%2e/index.html',
  '/..%2fsecret.txt',
  '/..%2Fsecret.txt',
  '/%2e%2e%2fsecret.txt',
  '/docs%2findex.html',
  '/docs/..%2f..%2fsecret.txt',
  '/..%5csecret.txt',
  '/..\\secret.txt',
  '/docs\\index.html',
  '/docs%5Cindex.html',
  '/..;/secret.txt',
  '/..%00/secret.txt',
  '/index.html%00',
  '/index.html%00.css',
  '/%00',
  '/%252e%252e/secret.txt',
  '/%c0%ae%c0%ae/secret.txt',
  '/%c0%af../secret.txt',
  '/%e0%80%ae/secret.txt',
  '/\u2025/secret.txt',
  '/%u002e%u002e/secret.txt',
  '/%',
  '/%2',
  '/%zz',
  '/index.html%',
  '//secret.txt',
  '//index.html',
  '/docs//index.html',
  '/docs/index.html/',
  '/docs/index.html/..',
  '/index.html.',
  '/index.html%20',
  '/index.html;x=1',
  '/index.html%0d%0aX-Evil:1',
  '/~root/',
  '/proc/self/environ',
  '/file:/etc/passwd',
  '/C:/secret.txt',
  'secret.txt',
  '../secret.txt',
  '*',
]

test('no spelling of a path leaves the folder or names a file a second way', () => {
  using site = createTestSite({ 'index.html': 'home', 'docs/index.html': 'docs' })
  for (const path of TRAVERSALS) {
    const { status, text } = site.ask(path)
    expect([path, status]).toEqual([path, 404])
    expect(text).not.toContain(SECRET)
  }
})

test('no spelling of a traversal becomes a page in a single-page app that shows anything but the index', () => {
  using site = createTestSite({ 'index.html': 'home', 'docs/index.html': 'docs' })
  for (const path of TRAVERSALS) {
    const { text } = site.ask(path, { spaFallback: true, headers: { accept: 'text/html' } })
    expect(text).not.toContain(SECRET)
    expect(text).not.toBe('docs')
  }
})

test('random paths of an attack grammar show only the file they plainly name', () => {
  using site = createTestSite({
    'index.html': 'home',
    'docs/a.txt': 'a',
    '.env': SECRET,
    'docs/.git/config': SECRET,
  })
  const tokens = [
    '/',
    '.',
    '..',
    '%2e',
    '%2f',
    '%5c',
    '\\',
    '%00',
    '%25',
    ';',
    'docs',
    'a.txt',
    'secret.txt',
    '.env',
  ]
  const shown = new Map([
    ['/', 'home'],
    ['/docs/a.txt', 'a'],
  ])
  for (let round = 0; round < 20_000; round++) {
    const length = 1 + Math.floor(Math.random() * 8)
    const path = `/${Array.from({ length }, () => tokens[Math.floor(Math.random() * tokens.length)]).join('')}`
    const { status, text } = site.ask(path)
    if (status === 404) continue
    // `%2e` inside a name is just another spelling of its dot.
    expect([path, status, text]).toEqual([path, 200, shown.get(path.replaceAll('%2e', '.'))!])
  }
})

test('hidden files and folders do not exist, but for .well-known at the top', () => {
  using site = createTestSite({
    '.env': SECRET,
    '.git/config': SECRET,
    'docs/.htpasswd': SECRET,
    '.well-known/security.txt': 'open',
    '.well-known/.env': SECRET,
    'docs/.well-known/x': SECRET,
    '.well-known-not/x': SECRET,
  })
  expect(site.ask('/.well-known/security.txt').text).toBe('open')
  for (const path of [
    '/.env',
    '/%2eenv',
    '/.git/config',
    '/.git',
    '/docs/.htpasswd',
    '/.well-known/.env',
    '/docs/.well-known/x',
    '/.well-known-not/x',
    '/.well-known',
    '/.well-known/',
  ])
    expect([path, site.ask(path).status]).toEqual([path, 404])
})

test('a link leads to files of the folder and nowhere else', () => {
  using site = createTestSite({ 'index.html': 'home', 'docs/a.txt': 'a', '.env': SECRET })
  const link = (target: string, name: string) => symlinkSync(target, join(site.root, name))
  link('docs/a.txt', 'inside.txt')
  link('docs', 'folder')
  link('../secret.txt', 'relative.txt')
  link(join(site.outside, 'secret.txt'), 'absolute.txt')
  link('..', 'up')
  link('/', 'top')
  link('.env', 'hidden.txt')
  link('loop.txt', 'loop.txt')
  link('nowhere', 'dangling.txt')
  link('/proc/self/environ', 'environ.txt')
  link('/dev/zero', 'zero.txt')
  expect(site.ask('/inside.txt').text).toBe('a')
  expect(site.ask('/folder/a.txt').text).toBe('a')
  const refused = ['relative', 'absolute', 'hidden', 'loop', 'dangling', 'environ', 'zero'].map(
    (n) => `/${n}.txt`,
  )
  for (const path of [
    ...refused,
    '/up/secret.txt',
    '/up/root/index.html/',
    '/top/etc/passwd',
    '/up',
    '/top/',
  ])
    expect([path, site.ask(path).status]).toEqual([path, 404])
})

test('a sibling folder that begins with the same letters is outside', () => {
  using site = createTestSite()
  mkdirSync(`${site.root}-other`)
  symlinkSync(`${site.root}-other`, join(site.root, 'other'))
  Bun.spawnSync(['cp', join(site.outside, 'secret.txt'), `${site.root}-other/a.txt`])
  expect(site.ask('/other/a.txt').status).toBe(404)
})

test('a compressed sibling may not be a link to the outside either', () => {
  using site = createTestSite({ 'a.js': 'x'.repeat(100) })
  symlinkSync('../secret.txt', join(site.root, 'a.js.gz'))
  expect(site.ask('/a.js', { headers: { 'accept-encoding': 'gzip' } }).text).toBe('x'.repeat(100))
})

test('a file that is replaced by a link between two requests does not serve the target', () => {
  using site = createTestSite({ 'a.txt': 'a'.repeat(SECRET.length), 'dir/secret.txt': 'mine' })
  expect(site.ask('/a.txt').status).toBe(200)
  expect(site.ask('/dir/secret.txt').text).toBe('mine')
  rmSync(join(site.root, 'a.txt'))
  symlinkSync('../secret.txt', join(site.root, 'a.txt'))
  renameSync(join(site.root, 'dir'), join(site.root, 'old'))
  symlinkSync('..', join(site.root, 'dir'))
  expect([site.ask('/a.txt').text, site.ask('/dir/secret.txt').text]).toEqual([
    'a'.repeat(SECRET.length),
    'mine',
  ])
  site.wait(1000)
  expect(site.ask('/a.txt').status).toBe(404)
  expect(site.ask('/dir/secret.txt').status).toBe(404)
})

test('a root that is itself reached through a link is served', () => {
  using site = createTestSite({ 'real/index.html': 'home' })
  using linked = createTestSite()
  rmSync(linked.root, { recursive: true })
  symlinkSync(join(site.root, 'real'), linked.root)
  expect(linked.ask('/').text).toBe('home')
})

test('what is no regular file is not waited for', async () => {
  using site = createTestSite()
  execFileSync('mkfifo', [join(site.root, 'fifo.txt')])
  await using _ = await listening(join(site.root, 'socket.txt'))
  expect(site.ask('/fifo.txt').status).toBe(404)
  expect(site.ask('/socket.txt').status).toBe(404)
})

test('what is not a regular file is not even opened: a writer that waits for a reader still waits', async () => {
  using site = createTestSite()
  const fifo = join(site.root, 'fifo.txt')
  execFileSync('mkfifo', [fifo])
  let isLetGo = false
  const writer = open(fifo, 'w').finally(() => (isLetGo = true))
  // The writer waits in a thread of its own, which takes a moment to get there.
  for (let i = 0; i < 200; i++) {
    site.ask('/fifo.txt')
    await stat(fifo)
  }
  expect(isLetGo).toBe(false)
  await using _reader = await open(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  await using _writer = await writer
})

test('names too long for any disk are not found', () => {
  using site = createTestSite({ 'index.html': 'home' })
  for (const path of [
    `/${'a'.repeat(256)}`,
    `/${'a'.repeat(100_000)}`,
    `/${'a/'.repeat(2000)}b`,
    `/${'a/../'.repeat(8000)}index.html`,
    `/${'%2e%2e/'.repeat(8000)}etc/passwd`,
    `/${'%'.repeat(50_000)}`,
  ])
    expect(site.ask(path).status).toBe(404)
})

test('a redirect never leaves the host', () => {
  using site = createTestSite({
    'evil.example/index.html': 'x',
    'https:/index.html': 'x',
    'javascript:1/index.html': 'x',
  })
  for (const [path, location] of [
    ['/evil.example', './evil.example/'],
    ['/https:', './https:/'],
    ['/javascript:1', './javascript:1/'],
  ] as const)
    expect(site.ask(path).header('location')).toBe(location)
  for (const path of ['//evil.example', '/\\evil.example', '/%5cevil.example', '/%2fevil.example'])
    expect([path, site.ask(path).header('location')]).toEqual([path, null])
})

test('hostile headers neither fail nor cost more than the file', () => {
  using site = createTestSite({ 'a.txt': '0123456789' })
  const hostile: Record<string, string>[] = [
    { range: `bytes=${'0-,'.repeat(10_000)}0-` },
    { range: `bytes=${'0-0,'.repeat(1000)}` },
    { range: 'bytes=0-9,0-9,0-9' },
    { range: `bytes=${'9'.repeat(100_000)}-` },
    { 'if-none-match': '"'.repeat(30_001) },
    { 'if-none-match': 'W/'.repeat(30_000) },
    { 'if-none-match': `${'"x",'.repeat(10_000)}` },
    { 'if-modified-since': 'Mon '.repeat(10_000) },
    { 'accept-encoding': 'gzip;q=1,'.repeat(10_000) },
    { 'accept-encoding': ';;;q=,,,=' },
    { accept: `text/html;${' '.repeat(50_000)}x` },
  ]
  for (const headers of hostile) {
    const { status, bytes } = site.ask('/a.txt', { headers })
    expect([status, bytes.length]).toEqual([200, 10])
  }
  expect(site.ask('/none', { headers: { accept: `text/html;${' '.repeat(50_000)}x` } }).status).toBe(404)
})

test('no request leaves a file open', () => {
  using site = createTestSite({ 'large.txt': 'x'.repeat(1_200_000), 'docs/index.html': 'docs', 'a.js': 'x' })
  site.ask('/large.txt')
  const before = openFiles()
  const etag = site.ask('/large.txt').header('etag')!
  const conditions: Record<string, string>[] = [
    {},
    { 'if-none-match': etag },
    { 'if-match': '"x"' },
    { range: 'bytes=999999-' },
  ]
  for (let round = 0; round < 20; round++) {
    for (const headers of conditions) site.ask('/large.txt', { headers })
    for (const path of ['/docs', '/docs/', '/nowhere', ...TRAVERSALS]) site.ask(path)
    site.write('a.js', String(round))
    site.ask('/a.js')
  }
  // Other tests of this process may close files in the meantime.
  expect(openFiles()).toBeLessThanOrEqual(before)
})

async function listening(path: string): Promise<AsyncDisposable> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(path, resolve))
  return { [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

const openFiles = () => readdirSync('/proc/self/fd').length
