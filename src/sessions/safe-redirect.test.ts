import { describe, expect, test } from 'bun:test'
import { isOwnRedirect, safeReturnPath } from './safe-redirect.ts'

describe('a browser returns to', () => {
  test.each([
    '/',
    '/notes',
    '/notes?page=2&q=a%20b',
    '/a/b/../c',
    '/a//b',
    '/search?next=https://evil.example/',
    '/search?next=//evil.example',
    '/@evil.example',
    '/:80',
    '/%2f%2fevil.example',
    '/%5cevil.example',
    '/x;y=1',
    '/__spaceship',
    '/a/__space/b',
    '/?',
    '/#part',
  ])('%j as given', (path) => {
    expect(safeReturnPath(path)).toBe(path)
  })

  test.each([
    ['nothing', ''],
    ['another host', '//evil.example'],
    ['another host, by three slashes', '///evil.example'],
    ['another host, by a backslash', '/\\evil.example'],
    ['another host, by two backslashes', '\\\\evil.example'],
    ['another host behind a tab', '/\t/evil.example'],
    ['another host behind a line break', '/\n/evil.example'],
    ['another host behind a carriage return', '/\r/evil.example'],
    ['another host behind dots', '/..//evil.example'],
    ['another host behind encoded dots', '/%2e%2e//evil.example'],
    ['another host behind a dot', '/.//evil.example'],
    ['another host after a blank', ' //evil.example'],
    ['another host behind a NUL', '/\0/evil.example'],
    ['an absolute URL', 'https://evil.example/'],
    ['an absolute URL without slashes', 'https:evil.example'],
    ['a script', 'javascript:alert(1)'],
    ['a script behind a tab', 'java\tscript:alert(1)'],
    ['data', 'data:text/html,<script>'],
    ['a relative path', 'notes'],
    ['user information', '@evil.example/'],
    ['a host by its name', 'evil.example'],
    ['a query', '?next=/'],
    ['a header', '/a\r\nSet-Cookie: space_session=x'],
    ['a letter that is not ASCII', '/\u2028/evil.example'],
    ['a slash that is not ASCII', '/\uff0fevil.example'],
    ['a fraction slash', '\u2044/evil.example'],
    ['our own pages', '/__space/auth/callback?code=x'],
    ['our own pages in capitals', '/__SPACE/auth/callback'],
    ['our own pages, encoded', '/%5f%5Fspace/auth'],
    ['our own pages behind dots', '/a/../__space/auth'],
    ['our own pages with a parameter', '/__space;a=1/auth'],
    ['our own pages, with an encoded slash', '/__space%2fauth'],
    ['our own pages, without more', '/__space'],
    ['more than the bound', `/${'a'.repeat(9_000)}`],
    ['a megabyte', `/${'a'.repeat(1_000_000)}`],
  ])('the start page instead of %s', (_, path) => {
    expect(safeReturnPath(path)).toBe('/')
  })

  test('the same host, whatever is thrown at it', () => {
    const pieces = [
      '/',
      '\\',
      '.',
      '..',
      ':',
      '@',
      '%2f',
      '%5c',
      '\t',
      'evil.example',
      '?',
      '#',
      ';',
      ' ',
      'http:',
    ]
    for (const a of pieces)
      for (const b of pieces)
        for (const c of pieces)
          for (const d of pieces) {
            const url = new URL(safeReturnPath(`/${a}${b}${c}${d}`), 'https://notes.space.example')
            if (url.host !== 'notes.space.example') throw new Error(`${a}${b}${c}${d} leads to ${url}`)
          }
  })
})

const LOCAL = {
  homeOrigin: 'http://space.localhost:7070',
  domain: 'space.localhost',
  homeHosts: ['space.localhost', 'localhost', '127.0.0.1', '[::1]'],
}
const PUBLIC = {
  homeOrigin: 'https://cloud.test',
  domain: 'cloud.test',
  homeHosts: ['cloud.test', 'localhost', '127.0.0.1', '[::1]'],
}

test.each(['https://localhost/', 'https://127.0.0.1/', 'https://[::1]/', 'https://space.localhost/'])(
  'a server elsewhere does not redirect to %j: it is the client\u2019s own machine',
  (url) => {
    expect(isOwnRedirect(url, PUBLIC)).toBe(false)
  },
)

describe('after signing in a browser goes to', () => {
  test.each([
    'http://space.localhost:7070',
    'http://space.localhost:7070/auth/handoff?host=a.space.localhost&to=%2F&challenge=x',
    'http://localhost:7070/',
    'http://127.0.0.1:7070/',
    'http://[::1]:7070/',
    'http://notes-ab12.space.localhost:7070/notes?a=http://evil.example#part',
  ])('%j on this computer', (url) => {
    expect(isOwnRedirect(url, LOCAL)).toBe(true)
  })

  test.each(['https://cloud.test/', 'https://notes-ab12.cloud.test/a?b#c'])('%j on a server', (url) => {
    expect(isOwnRedirect(url, PUBLIC)).toBe(true)
  })

  test.each([
    '',
    '/',
    '//cloud.test',
    '/\\cloud.test',
    'cloud.test',
    'https:cloud.test',
    'https:/cloud.test',
    'https:///cloud.test',
    'https:\\\\cloud.test',
    'https://cloud.test\\@evil.example',
    'https://evil.example',
    'https://evil.example/https://cloud.test/',
    'https://evil.example?.cloud.test',
    'https://evil.example#.cloud.test',
    'https://evil.example/.cloud.test',
    'https://evil.example\\.cloud.test',
    'evil.example?.cloud.test',
    'https://evilcloud.test',
    'https://fooacloud.test',
    'https://cloud.test.evil.example',
    'https://notes.cloud.test.evil.example',
    'https://cloud.test@evil.example',
    'https://evil.example@cloud.test',
    'https://cloud.test:x@evil.example',
    'https://cloud.test%40evil.example',
    'https://evil.example%2f.cloud.test',
    'https://evil.example%00.cloud.test',
    'https://evil.example%23.cloud.test',
    'https://a.b.cloud.test',
    'https://.cloud.test',
    'https://-a.cloud.test',
    'https://a_b.cloud.test',
    'https://*.cloud.test',
    'https://cloud.test.',
    'https://notes.cloud.test./',
    'https://CLOUD.test/',
    'https://cloud.test:8443',
    'https://cloud.test:443/',
    'https://cloud.test:',
    'http://cloud.test',
    'http://localhost:1/',
    'https://localhost',
    'https://127.0.0.1',
    'https://127.1',
    'https://0x7f000001',
    'https://2130706433',
    'https://[::ffff:127.0.0.1]',
    'ftp://cloud.test',
    'javascript:alert(1)//cloud.test',
    'javascript://cloud.test/%0aalert(1)',
    'data:text/html,cloud.test',
    'blob:https://cloud.test/x',
    'view-source:https://cloud.test',
    'space-cli://cloud.test',
    'https://clo\u0075d\u3002test',
    'https://cloud\uff0etest',
    'https://cl\u043eud.test',
    'https://\uff23loud.test',
    'https://cloud.test\r\nX: y',
    'https://cloud.test/\r\nSet-Cookie: a=b',
    ' https://cloud.test',
    'https://cloud.test ',
    '\thttps://cloud.test',
    'ht\ttps://cloud.test',
    'https://clo\nud.test',
    'https://cloud.test\t.evil.example',
    'https://cloud.test\0.evil.example',
    'HTTPS://cloud.test',
  ])('nowhere for %j', (url) => {
    expect(isOwnRedirect(url, PUBLIC)).toBe(false)
  })

  const CUSTOM = ['notes.example.org', 'xn--bcher-kva.example']

  test.each([
    'https://notes.example.org',
    'https://notes.example.org/a?b=https://evil.example#c',
    'https://xn--bcher-kva.example/',
    'https://cloud.test/',
  ])('%j where custom domains are active', (url) => {
    expect(isOwnRedirect(url, PUBLIC, CUSTOM)).toBe(true)
  })

  test.each([
    'https://notes.example.org.evil.example/',
    'https://evilnotes.example.org/',
    'https://a.notes.example.org/',
    'https://example.org/',
    'https://notes.example.org./',
    'https://NOTES.example.org/',
    'https://notes.example.org:8443/',
    'https://notes.example.org:443/',
    'http://notes.example.org/',
    'https://notes.example.org@evil.example/',
    'https://evil.example@notes.example.org/',
    'https://notes.example.org%2eevil.example/',
    'https://notes.example.org\\@evil.example',
    'https://notes.example.org\t.evil.example',
    'https://notes\u3002example.org/',
    'https://notes.ex\u0430mple.org/',
    'https://b\u00fccher.example/',
    'https:notes.example.org',
    '//notes.example.org',
    'notes.example.org',
    'javascript://notes.example.org/%0aalert(1)',
  ])('nowhere for %j, like the custom domains as it is', (url) => {
    expect(isOwnRedirect(url, PUBLIC, CUSTOM)).toBe(false)
  })

  test('nowhere for a domain that is not active', () => {
    expect(isOwnRedirect('https://notes.example.org/', PUBLIC)).toBe(false)
  })

  test('nowhere for more than the bound', () => {
    expect(isOwnRedirect(`https://cloud.test/${'a'.repeat(9_000)}`, PUBLIC)).toBe(false)
  })

  test('own hosts only, whatever is thrown at it', () => {
    const pieces = [
      'https:',
      '/',
      '//',
      '\\',
      '@',
      ':',
      '.',
      'cloud.test',
      'evil.example',
      '?',
      '#',
      '%2f',
      '\t',
      ';',
    ]
    for (const a of pieces)
      for (const b of pieces)
        for (const c of pieces)
          for (const d of pieces) {
            const text = `https://${a}${b}${c}${d}`
            if (!isOwnRedirect(text, PUBLIC)) continue
            const { hostname, protocol, username } = new URL(text)
            const isOwn = hostname === 'cloud.test' || hostname.endsWith('.cloud.test')
            if (!isOwn || protocol !== 'https:' || username !== '') throw new Error(`${text} was let through`)
          }
  })
})
