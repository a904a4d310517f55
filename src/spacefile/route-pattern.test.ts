import { describe, expect, test } from 'bun:test'
import { parseSpacefile } from './index.ts'
import { parseRoutePattern } from './route-pattern.ts'

describe('routes of published apps are taken as they are', () => {
  test.each([
    '/',
    '/*',
    '/*/*',
    '/ping',
    '/manifest.json',
    '/static/*',
    '/static*',
    '/api/submit*',
    '/api/v*/events',
    '/v*/public/*',
    '/*.png',
    '/_nuxt/*',
    '/.well-known/*',
    '/a-b_c~d',
    '/@user',
    '/c%2B%2B/*',
    '/app/(?!(admin))*',
    '/über/*',
    '/(?!(admin))*',
    '/(?!(dashboard|list|api))*',
  ])('%s', (pattern) => {
    expect(parseRoutePattern(pattern, true)).toMatchObject({ kind: 'ok', pattern })
  })

  test('a bare star is every path', () => {
    expect(parseRoutePattern('*', true)).toMatchObject({ kind: 'ok', pattern: '/*' })
  })

  test('blanks around a route are trimmed', () => {
    expect(parseRoutePattern(' /a/* ', true)).toMatchObject({ kind: 'ok', pattern: '/a/*' })
  })
})

describe('whatever has two readings is refused', () => {
  test.each([
    ['', 'The route is empty'],
    ['   ', 'The route is empty'],
    ['public', 'must begin with `/`'],
    ['*.png', 'must begin with `/`'],
    ['https://x.deta.app/a', 'without scheme and host'],
    ['/a?b=1', 'match the path only'],
    ['/a#b', 'match the path only'],
    ['/a b', 'contains a space'],
    ['/a\tb', 'contains a space'],
    ['/a\0b', 'contains a space'],
    ['/(a|b)', 'not regular expressions: `(`'],
    ['/[abc]', 'not regular expressions: `[`'],
    ['/a{2}', 'not regular expressions: `{`'],
    ['/a+', 'not regular expressions: `+`'],
    ['^/a', 'must begin with `/`'],
    ['/a$', 'not regular expressions: `$`'],
    ['/a|/b', 'not regular expressions: `|`'],
    ['/a\\b', 'not regular expressions: `\\`'],
    ['/(?!(admin))', 'only supported exception'],
    ['/(?!(admin)).*', 'only supported exception'],
    ['/(?!(ad*min))*', 'only supported exception'],
    ['/x*/(?!(admin))*', 'only supported exception'],
    ['/(?!())*', 'only supported exception'],
    ['/(?=(a))*', 'not regular expressions: `(`'],
    ['/a//b', 'empty segment'],
    ['//', 'empty segment'],
    ['/a/../b', 'segment of dots only'],
    ['/./a', 'segment of dots only'],
    ['/...', 'segment of dots only'],
    ['//(?!(a))*', 'empty segment'],
    ['/a%ff', 'not UTF-8'],
    ['/a%2fb', 'contains `%2f`'],
    ['/a%61', 'contains `%61`'],
    ['/a%00', 'contains `%00`'],
    ['/a%', 'contains `%`'],
    ['/a%zz', 'contains `%zz`'],
    ['/a%3Fb*', 'contains `%3F`'],
    ['/a%23b', 'contains `%23`'],
    ['/a;b', 'contains `;`'],
    ['/__space/v0/actions', 'belong to the platform'],
    ['/__space', 'belong to the platform'],
    [`/${'a'.repeat(1_000)}`, 'longer than any request path'],
  ])('%j', (pattern, message) => {
    const parsed = parseRoutePattern(pattern, true)
    expect(parsed.kind).toBe('bad')
    expect(parsed.kind === 'bad' && parsed.message).toContain(message)
  })

  test('the exception idiom has no meaning among private routes', () => {
    expect(parseRoutePattern('/(?!(admin))*', false).kind).toBe('bad')
  })
})

const parse = (value: string, key = 'public_routes') =>
  parseSpacefile(`v: 0\nmicros:\n  - name: app\n    src: .\n    engine: node\n    ${key}: ${value}\n`)

describe('a list of routes that is not understood opens nothing and hides nothing', () => {
  test.each([
    ['a text', '"/public/*"'],
    ['null', 'null'],
    ['nothing', ''],
    ['an empty list', '[]'],
    ['an empty text', '[""]'],
    ['a blank text', '[" "]'],
    ['true', 'true'],
    ['a number', '[1]'],
    ['null in a list', '[null]'],
    ['a map', '{a: b}'],
    ['a list in a list', '[["/a"]]'],
    ['no leading slash', '["public"]'],
    ['one route twice', '["/a", "/a"]'],
    ['one bad route among good ones', '["/a", "/(b)", "/c"]'],
    ['10,000 routes', `[${Array.from({ length: 10_000 }, (_, index) => `"/r${index}"`).join(', ')}]`],
  ])('%s', (_name, value) => {
    for (const key of ['public_routes', 'private_routes']) {
      const { value: spacefile, diagnostics } = parse(value, key)
      expect(spacefile).toBeNull()
      expect(diagnostics[0]).toMatchObject({ severity: 'error', line: 6 })
    }
  })

  test('an unknown spelling of the key is an error at its line', () => {
    expect(parse('["/a"]', 'publicRoutes').diagnostics).toMatchObject([
      { severity: 'error', line: 6, column: 5 },
    ])
  })

  test('1,000 routes', () => {
    const routes = Array.from({ length: 1_000 }, (_, index) => `/r${index}`)
    expect(parse(JSON.stringify(routes)).value?.micros[0]?.publicRoutes).toEqual(routes)
  })

  test('routes that differ in blanks only are one route', () => {
    expect(parse('["/a", "/a "]').value?.micros[0]?.publicRoutes).toEqual(['/a'])
  })
})

describe("a server's own reading of routes", () => {
  const text = 'v: 0\nmicros:\n- {name: a, src: ., engine: node, public_routes: ["/a", "bad", "/b", "*"]}\n'
  const finding = { severity: 'error', index: 1, message: 'not here', hint: 'go away' } as const
  const good = text.replace('"bad", ', '')

  test('refuses at the place in the list what that server would not honour', () => {
    const { value, diagnostics } = parseSpacefile(good, { checkRoutes: () => [finding] })
    expect(value).toBeNull()
    expect(diagnostics).toEqual([
      {
        severity: 'error',
        message: '`/b`: not here',
        hint: 'go away',
        line: 3,
        column: 57,
      },
    ])
  })

  test('is asked only about routes that are routes at all', () => {
    const asked: (readonly string[])[] = []
    parseSpacefile(text, { checkRoutes: (patterns) => (asked.push(patterns), []) })
    expect(asked).toContainEqual(['/a', '/b', '*'])
  })
})
