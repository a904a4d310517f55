/**
 * What attackers try, on the app of `testing/notes-app.ts`: micro `web` at `/` opens `/public/*` and `/docs/…/page`,
 * micro `api` at `/api` opens `/hook` and takes keys. Requests have no credential unless the test says so.
 */
import { describe, expect, test } from 'bun:test'
import { canonicalPath, cookieValues, isNavigation } from './index.ts'
import { decideNotes, isPublic, ORIGIN, PLAIN_GET, rulesFor, summaryOf } from './testing/notes-app.ts'

/** As the gateway does: malformed targets are answered before anything is decided. */
function outcomeOf(target: string): string {
  const reading = canonicalPath(target)
  return reading.kind === 'malformed' ? 'malformed' : summaryOf(decideNotes(reading.path))
}

const REFUSED = ['malformed', 'no-credential:unauthorized']

/** Express matches before it decodes: there `/%40ada` goes to `/:secret`, not to `/@:user`. */
test.each(['%21', '%24', '%26', '%27', '%2A', '%2B', '%2b', '%2C', '%3A', '%3D', '%40', '%5B', '%5E', '%7C'])(
  '%s is not the character that a rule has, and what a star may be',
  (encoded) => {
    const raw = decodeURIComponent(encoded)
    const literal = '$*+[^|'.includes(raw) ? encoded : raw
    expect(isPublic(rulesFor([`/${literal}x`]), `/${raw}x`)).toBe(true)
    expect(isPublic(rulesFor([`/${literal}x`]), `/${encoded}x`)).toBe(false)
    expect(isPublic(rulesFor(['/*x']), `/${encoded}x`)).toBe(true)
    expect(isPublic(rulesFor(['/*'], [`/${literal}x`]), `/${encoded}x`)).toBe(false)
  },
)

test('the app serves what it means to', () => {
  expect(['/public/x', '/public/', '/docs/a/page', '/docs/a/b/page?x', '/api/hook'].map(outcomeOf)).toEqual(
    Array(5).fill('pass:anonymous'),
  )
})

describe('a spelling of the path', () => {
  test.each([
    ['the query takes part in matching', ['/docs/secret?x=/page', '/admin?x=/public/', '/?/public/x']],
    [
      'dot segments',
      ['/public/../admin', '/public/x/../../admin', '/docs/../admin/page', '/api/hook/../notes'],
    ],
    [
      'encoded dots',
      ['/public/%2e%2e/admin', '/public/.%2e/admin', '/public/%2E./admin', '/api/hook/%2e%2e/notes'],
    ],
    [
      'encoded slashes',
      [
        '/public/..%2fadmin',
        '/public%2f..%2fadmin',
        '/public/%2e%2e%2fadmin',
        '/public%2fx',
        '/docs%2fa%2fpage',
      ],
    ],
    [
      'backslashes',
      ['/public/..%5cadmin', '/public\\..\\admin', '/public%5c..%5cadmin', '/public\\x', '/public%5cx'],
    ],
    [
      'double encoding',
      ['/public/%252e%252e/admin', '/%2561dmin', '/public/%25252e%25252e/admin', '/public/%2525'],
    ],
    [
      'a mount inside a segment',
      ['/api../admin', '/api./admin', '/apix/hook', '/api-hook', '/api;x/hook', '/api%2fhook'],
    ],
    [
      'empty segments',
      [
        '//admin',
        '//public//..//admin',
        '///admin',
        '//public/x',
        '/public//admin',
        '/api//hook',
        '//api/hook',
      ],
    ],
    [
      'a prefix without its boundary',
      ['/publicx', '/public-admin', '/publi', '/public', '/api/hook2', '/api/hook/', '/api/hoo'],
    ],
    ['case', ['/ADMIN', '/Public/x', '/PUBLIC/x', '/%41dmin', '/API/hook', '/api/Hook', '/docs/a/Page']],
    [
      'trailing dots, blanks, parameters',
      [
        '/admin/.',
        '/admin/./',
        '/admin/',
        '/./admin',
        '/admin%20',
        '/admin.',
        '/admin;x=1',
        '/public;/../admin',
        '/public/..;/admin',
        '/public;x/y',
      ],
    ],
    ['NUL', ['/public/%00/../admin', '/admin%00.css', '/public/%00', '/public%00/x', '/api/hook%00']],
    [
      'broken percent signs',
      ['/%', '/%2', '/%zz', '/%u0061dmin', '/public/%', '/public/%2', '/public/%zz', '/public/%u002e'],
    ],
    ['percent signs in a rule', ['/public%', '/docs/%/page', '/%70ublic/x', '/public%2']],
    [
      'other forms of a target',
      ['http://cloud.test/public/x', 'http:http://internal/admin', '*', 'public/x', '?/public/x', ''],
    ],
    [
      'line ends and raw bytes',
      ['/public/\r\nX: y', '/public/\0', '/public/ x', '/public/\xff', '/public/%0d%0aX:y'],
    ],
    [
      'look-alikes',
      [
        '/public/%EF%BC%8E%EF%BC%8E/admin',
        '/public%EF%BC%8Fx',
        '/public/%E2%80%A5/admin',
        '/public/%c0%ae%c0%ae/admin',
      ],
    ],
    [
      'the reserved path',
      [
        '/__space/v0/actions',
        '/__space',
        '/__SPACE/x',
        '/api/__space/v0/actions',
        '/%5f_space/x',
        '/public/../__space/x',
      ],
    ],
  ])('%s', (_, targets) => {
    for (const target of targets) expect(REFUSED).toContain(outcomeOf(target))
  })

  test('eight thousand steps up, and a path of any length', () => {
    for (const target of [
      `/public/${'a/../'.repeat(8_000)}admin`,
      `/public${'/..%2f'.repeat(8_000)}`,
      `/${'/'.repeat(100_000)}`,
      `/${'a/'.repeat(10_000)}`,
      `/docs/${'page/'.repeat(20_000)}x`,
      `/public/${'%2525'.repeat(20_000)}`,
      `/docs/${'/page'.repeat(20_000)}`,
    ]) {
      expect(REFUSED).toContain(outcomeOf(target))
    }
  })

  test('a micro that opens everything opens its own root only, and nothing reserved', () => {
    const all = rulesFor(['/*'])
    expect(isPublic(all, '/anything')).toBe(true)
    const never = ['/__space/v0/base', '/__space', '//x', '/x%2fy', '/x;y', '/x\\y', '/%78', '/x%00']
    expect(never.filter((path) => isPublic(all, path))).toEqual([])
  })

  test('of a public prefix and a private rule within it, the private one wins', () => {
    const rules = rulesFor(['/a/*'], ['/a/b/*', '/a/b'])
    expect(
      ['/a/b/x', '/a/b', '/a/B/x', '/a/b/', '/a/b.html'].filter((path) => isPublic(rules, path)),
    ).toEqual([])
    expect(isPublic(rules, '/a/c')).toBe(true)
  })
})

describe('a credential', () => {
  test('a key of one micro, one path or one method opens nothing else', () => {
    expect(summaryOf(decideNotes('/admin', { appKeys: ['good'] }))).toBe('key-not-enabled:unauthorized')
    expect(summaryOf(decideNotes('/api/notes', { appKeys: ['for-web'] }))).toBe('key-micro:unauthorized')
    expect(summaryOf(decideNotes('/api/admin', { appKeys: ['for-notes'] }))).toBe('key-path:unauthorized')
    expect(summaryOf(decideNotes('/api/notes', { appKeys: ['for-POST'] }))).toBe('key-method:unauthorized')
    expect(summaryOf(decideNotes('/api/notes/x', { appKeys: ['for-notes'] }))).toBe('pass:key')
  })

  test('a key that is limited to a path is not stretched by its spelling', () => {
    for (const path of [
      '/api/notes%2f..%2fadmin',
      '/api/notes/%252e',
      '/api//notes/x',
      '/api/notes;/x',
      '/api/Notes/x',
      '/api/notes',
    ]) {
      expect(summaryOf(decideNotes(path, { appKeys: ['for-notes'] }))).toBe('key-path:unauthorized')
    }
  })

  test('a bad key beside a good session is refused', () => {
    expect(summaryOf(decideNotes('/admin', { appKeys: ['wrong'], sessionTokens: ['owner'] }))).toBe(
      'key-unknown:unauthorized',
    )
  })

  test('a session of one instance is nothing on another', () => {
    expect(summaryOf(decideNotes('/admin', { sessionTokens: ['of-another-instance'] }))).toBe(
      'session-unknown:unauthorized',
    )
  })

  test('a malformed session cookie is ignored', () => {
    for (const token of ['%', '\0', 'x'.repeat(1_000_000), '!!!', '', 'owner ', 'OWNER', 'owner;']) {
      expect(summaryOf(decideNotes('/admin', { sessionTokens: [token] }))).toBe(
        'session-unknown:unauthorized',
      )
    }
  })

  test('a browser without a session is redirected to sign in, a program gets an error', () => {
    const page = { secFetchSite: 'none', secFetchMode: 'navigate', secFetchDest: 'document' }
    expect(summaryOf(decideNotes('/admin', page))).toBe('no-credential:sign-in')
    expect(summaryOf(decideNotes('/admin', { accept: 'application/json' }))).toBe(
      'no-credential:unauthorized',
    )
  })
})

describe('a sibling app in the owner’s browser', () => {
  const sibling = { sessionTokens: ['owner'], originHeader: 'https://evil-cd34.cloud.test' }
  test.each([
    ['fetches', { ...sibling, secFetchSite: 'same-site', secFetchMode: 'cors', secFetchDest: 'empty' }],
    [
      'posts a form',
      {
        ...sibling,
        method: 'POST',
        secFetchSite: 'same-site',
        secFetchMode: 'navigate',
        secFetchDest: 'document',
      },
    ],
    ['posts a form to an old browser', { ...sibling, method: 'POST' }],
    [
      'loads an image',
      {
        ...sibling,
        originHeader: null,
        secFetchSite: 'same-site',
        secFetchMode: 'no-cors',
        secFetchDest: 'image',
      },
    ],
    [
      'loads a script',
      {
        ...sibling,
        originHeader: null,
        secFetchSite: 'same-site',
        secFetchMode: 'no-cors',
        secFetchDest: 'script',
      },
    ],
    [
      'frames a page',
      {
        ...sibling,
        originHeader: null,
        secFetchSite: 'same-site',
        secFetchMode: 'navigate',
        secFetchDest: 'iframe',
      },
    ],
    [
      'opens a WebSocket',
      { ...sibling, isUpgrade: true, secFetchSite: 'same-site', secFetchMode: 'websocket' },
    ],
    ['opens a WebSocket in an old browser', { ...sibling, isUpgrade: true }],
    ['hides its origin', { ...sibling, method: 'POST', originHeader: 'null' }],
    [
      'sends a beacon',
      {
        ...sibling,
        method: 'POST',
        secFetchSite: 'same-site',
        secFetchMode: 'no-cors',
        secFetchDest: 'empty',
      },
    ],
  ])('%s, and the cookie does not count', (_, request) => {
    expect(summaryOf(decideNotes('/admin', request))).toStartWith('cross-site:')
  })

  test('links to a page, and the owner gets there', () => {
    const link = {
      sessionTokens: ['owner'],
      secFetchSite: 'same-site',
      secFetchMode: 'navigate',
      secFetchDest: 'document',
    }
    expect(summaryOf(decideNotes('/admin', link))).toBe('pass:user')
  })

  test('plants cookies of our name: junk does not lock the owner out, another person’s session does', () => {
    const own = { originHeader: ORIGIN }
    expect(summaryOf(decideNotes('/admin', { ...own, sessionTokens: ['junk', 'owner'] }))).toBe('pass:user')
    expect(summaryOf(decideNotes('/admin', { ...own, sessionTokens: ['stranger', 'owner'] }))).toBe(
      'session-ambiguous:unauthorized',
    )
  })
})

describe('the session cookie', () => {
  const NAME = '__Host-space_session'
  test.each<[header: string, values: string[]]>([
    [`${NAME}=abc`, ['abc']],
    [`a=1; ${NAME}=abc; b=2`, ['abc']],
    [`a=1;${NAME}=abc`, ['abc']],
    [`${NAME}=one; ${NAME}=two`, ['one', 'two']],
    [`${NAME}=a=b`, ['a=b']],
    [`${NAME}=`, ['']],
    [`${NAME}="abc"`, ['"abc"']],
    [`  ${NAME}=abc  ; x`, ['abc']],
    [`__host-space_session=abc`, []],
    [`X${NAME}=abc`, []],
    [`${NAME}x=abc`, []],
    [`${NAME} =abc`, []],
    [`${NAME}`, []],
    [`"${NAME}"=abc`, []],
    [`\xa0${NAME}=abc`, []],
    [`a="; ${NAME}=abc"`, ['abc"']],
    ['', []],
    [';;;', []],
    ['=abc', []],
  ])('%s', (header, values) => {
    expect(cookieValues(header, NAME)).toEqual(values)
  })
})

test('nothing that only a program sends is taken for a navigation', () => {
  expect(isNavigation({ ...PLAIN_GET, accept: '*/*' })).toBe(false)
  expect(isNavigation({ ...PLAIN_GET, secFetchMode: 'cors', accept: 'text/html' })).toBe(false)
  expect(isNavigation({ ...PLAIN_GET, method: 'POST', accept: 'text/html' })).toBe(false)
  expect(isNavigation({ ...PLAIN_GET, isUpgrade: true, accept: 'text/html' })).toBe(false)
})
