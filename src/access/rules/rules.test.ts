import { describe, expect, test } from 'bun:test'
import { assignRules, compileRules, type MicroRoutes } from '../index.ts'
import { isPublic, rulesFor } from '../testing/notes-app.ts'
import { PATH_PARTS } from '../testing/path-grammar.ts'
import { createRandom } from '../testing/random.ts'

describe('what a pattern opens', () => {
  const cases: Array<[pattern: string, opens: string[], keeps: string[]]> = [
    ['/', ['/'], ['/a', '/index.html']],
    ['/test', ['/test'], ['/', '/test/', '/test/a', '/testx', '/Test', '/tes']],
    [
      '/public/*',
      ['/public/', '/public/a', '/public/a/b', '/public/a.b'],
      ['/public', '/publicx', '/Public/a'],
    ],
    ['/public*', ['/public', '/publicx', '/public/a/b'], ['/publi', '/a/public']],
    [
      '/api/*/docs',
      ['/api/v1/docs', '/api/a/b/docs', '/api//docs'.replace('//', '/x/')],
      ['/api/docs', '/api/v1/docs/', '/api/v1/docsx'],
    ],
    ['/*', ['/', '/a', '/a/b/c', '/%C3%A9'], []],
    ['*', ['/', '/a', '/a/b/c'], []],
    ['/**', ['/', '/a/b'], []],
    ['/*/*', ['/a/', '/a/b', '/a/b/c'], ['/', '/a']],
    [
      '/api/v*/events',
      ['/api/v1/events', '/api/v/events', '/api/v1/x/events'],
      ['/api/1/events', '/api/v1/event'],
    ],
    ['/v/*/public/*', ['/v/1/public/', '/v/a/b/public/c'], ['/v/public/x', '/v/1/publicx']],
    ['/*.png', ['/a.png', '/.png', '/a/b.png'], ['/a.png/', '/a.PNG', '/apng']],
    ['/a*b*c', ['/abc', '/axbxc', '/abbcc', '/abcbc'], ['/acb', '/ab', '/abcd']],
    ['/a*a', ['/aa', '/aaa', '/axa'], ['/a']],
    [' /spaced ', ['/spaced'], ['/']],
    ['/my file', ['/my%20file'], ['/myfile']],
    ['/my%20file', ['/my%20file'], []],
    ['/café/*', ['/caf%C3%A9/x', '/caf%c3%a9/x'], ['/cafe/x', '/caf%C3%89/x']],
    ['/caf%C3%A9', ['/caf%C3%A9'], []],
    ['/c%2B%2B', ['/c++'], ['/c', '/c%2B%2B', '/c+%2b']],
    ['/@me', ['/@me'], ['/%40me']],
    ['/@*', ['/@me', '/@a%40b'], ['/%40me', '/%40']],
    ['/a*b', ['/a%21b', '/a%27()*b'], []],
    [
      '/(?!(admin))*',
      ['/', '/a', '/xadmin', '/a/admin'],
      ['/admin', '/admin/', '/admin/x', '/administrator', '/ADMIN', '/Admin/x'],
    ],
    [
      '/(?!(dashboard|list|api))*',
      ['/', '/share/1', '/li'],
      ['/dashboard', '/list', '/list/1', '/api/x', '/apis', '/LIST'],
    ],
    ['/(?!admin)*', ['/a'], ['/admin', '/admin.html']],
    [
      '/app/(?!(admin/))*',
      ['/app/x', '/app/administrator'],
      ['/app', '/app/admin/', '/app/admin', '/app/admin/x'],
    ],
    ['/(?!(index.html))*', ['/a'], ['/index.html', '/', '/INDEX.html']],
  ]
  test.each(cases)('%s', (pattern, opens, keeps) => {
    const rules = rulesFor([pattern])
    expect(opens.filter((path) => !isPublic(rules, path))).toEqual([])
    expect(keeps.filter((path) => isPublic(rules, path))).toEqual([])
  })
})

describe('a public pattern that cannot be understood opens nothing', () => {
  test.each([
    '',
    ' ',
    'public',
    '*.png',
    '/(admin)',
    '/a|b',
    '/[ab]',
    '/a?',
    '/a+',
    '/^a$',
    '/\\d',
    '/{a}',
    '/a#b',
    '/a?b=c',
    '/x(?!(a))',
    '/*(?!(a))*',
    '/(?!(a))*/b',
    '/(?!)*',
    '/(?!())*',
    '/(?!(a|))*',
    '/(?!(a*))*',
    '/(?=(a))*',
    '/(?!(.+))*',
    '/%',
    '/%zz',
    '/%2f*',
    '/a%2F..%2Fb',
    '/%00',
    '/%25*',
    '/../*',
    '/./a',
    '/a//*',
    '//*',
    '/a;b',
    '/%61*',
    '/%ff',
    '/__space/*',
    '/__space',
    '/__SPACE/x',
    '\ud800',
    '/\ud800',
    `/${'a'.repeat(600)}`,
  ])('%p', (pattern) => {
    const rules = rulesFor([pattern])
    const paths = [
      '/',
      '/a',
      '/b',
      '/public',
      '/x.png',
      '/admin',
      '/ab',
      '/x',
      '/a/b',
      '/*',
      '/__space/x',
      '/__space',
    ]
    expect(paths.filter((path) => isPublic(rules, path))).toEqual([])
  })
})

test('no rule opens an ambiguous, malformed or reserved path', () => {
  const rules = rulesFor(['/*'])
  const paths = [
    '//admin',
    '/a%2fb',
    '/a;b',
    '/%61',
    '/a\\b',
    '/a%00',
    '/..',
    '/a/%2e%2e',
    '/%',
    'x',
    '',
    '/__space/v0/actions',
    '/__SPACE',
  ]
  expect(paths.filter((path) => isPublic(rules, path))).toEqual([])
  expect(rules.judge('/a%2fb')).toEqual({ kind: 'private', why: 'ambiguous', rule: null })
  expect(rules.judge('/__space/x')).toEqual({ kind: 'private', why: 'reserved', rule: null })
})

describe('rules of several micros', () => {
  const micro = (
    name: string,
    mount: string,
    publicRoutes: string[],
    privateRoutes: string[] = [],
  ): MicroRoutes => ({
    name,
    primary: mount === '/',
    mount,
    publicRoutes,
    privateRoutes,
  })
  const effective = (...micros: MicroRoutes[]) =>
    Object.fromEntries(
      assignRules(micros).map(({ micro, publicRules, privateRules }) => [
        micro,
        { publicRules, privateRules },
      ]),
    )

  test('a rule on the primary below another mount is that micro’s rule', () => {
    expect(
      effective(
        micro('web', '/', ['/api/photo/*', '/api', '/api/*/x', '/x']),
        micro('api', '/api', ['/own']),
      ),
    ).toEqual({
      web: { publicRules: [{ pattern: '/x', from: 'web' }], privateRules: [] },
      api: {
        publicRules: [
          { pattern: '/photo/*', from: 'web' },
          { pattern: '/', from: 'web' },
          { pattern: '/*/x', from: 'web' },
          { pattern: '/own', from: 'api' },
        ],
        privateRules: [],
      },
    })
  })

  test('/* on the primary never reaches another micro, nor does a star that begins in its mount', () => {
    const rules = effective(micro('web', '/', ['/*', '/api*', '/ap*', '/apix']), micro('api', '/api', []))
    expect(rules['api']).toEqual({ publicRules: [], privateRules: [] })
  })

  test('the longest mount gets the rule', () => {
    const rules = effective(
      micro('web', '/', ['/api/v2/x', '/api/x']),
      micro('api', '/api', []),
      micro('v2', '/api/v2', []),
    )
    expect(rules['v2']?.publicRules).toEqual([{ pattern: '/x', from: 'web' }])
    expect(rules['api']?.publicRules).toEqual([{ pattern: '/x', from: 'web' }])
  })

  test('a rule of another micro is relative to its own mount, whatever it says', () => {
    const rules = effective(micro('web', '/', []), micro('api', '/api', ['/api/x']), micro('x', '/api/x', []))
    expect(rules['api']?.publicRules).toEqual([{ pattern: '/api/x', from: 'api' }])
    expect(rules['x']?.publicRules).toEqual([])
  })

  test('private rules of the primary go the same way', () => {
    const rules = effective(micro('web', '/', [], ['/api/admin/*']), micro('api', '/api', ['/*']))
    expect(isPublic(compileRules(rules['api']!), '/admin/x')).toBe(false)
    expect(isPublic(compileRules(rules['api']!), '/x')).toBe(true)
  })
})

describe('bounds', () => {
  const many = (count: number, pattern: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => pattern(i))

  test('a thousand rules all count, and what is beyond opens nothing', () => {
    const rules = rulesFor(many(1_001, (i) => `/r${i}/*`))
    expect(isPublic(rules, '/r0/x')).toBe(true)
    expect(isPublic(rules, '/r999/x')).toBe(true)
    expect(isPublic(rules, '/r1000/x')).toBe(false)
  })

  test('of rules with several stars the first 64 count', () => {
    const rules = rulesFor(many(65, (i) => `/*/r${i}/*`))
    expect(isPublic(rules, '/a/r63/b')).toBe(true)
    expect(isPublic(rules, '/a/r64/b')).toBe(false)
  })

  test('private rules beyond a bound close everything', () => {
    expect(
      isPublic(
        rulesFor(
          ['/*'],
          many(1_000, (i) => `/p${i}`),
        ),
        '/x',
      ),
    ).toBe(true)
    expect(
      isPublic(
        rulesFor(
          ['/*'],
          many(1_001, (i) => `/p${i}`),
        ),
        '/x',
      ),
    ).toBe(false)
    expect(
      isPublic(
        rulesFor(
          ['/*'],
          many(65, (i) => `/*/p${i}/*`),
        ),
        '/x',
      ),
    ).toBe(false)
  })
})

describe('for any rules and any path', () => {
  /** The rules as regular expressions: slow, and independent of the matcher. */
  const oracle = (pattern: string): RegExp =>
    new RegExp(
      `^${pattern
        .split('*')
        .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
        .join('[^]*')}$`,
    )
  const PIECES = ['a', 'b', 'ab', 'aa', '/', '/a', '/b/', '*', '*', '.a', '-']

  test('the matcher agrees with a regular expression', () => {
    const random = createRandom(4)
    for (let round = 0; round < 4_000; round++) {
      const patterns = Array.from(
        { length: 1 + random.int(6) },
        () => `/${random.text(PIECES, random.int(7))}`,
      ).filter((pattern) => !pattern.includes('//'))
      const rules = rulesFor(patterns)
      const path = `/${random.text(
        PIECES.filter((piece) => piece !== '*'),
        random.int(9),
      )}`
      if (rules.judge(path).kind === 'private' && path.includes('//')) continue
      expect([patterns, path, isPublic(rules, path)]).toEqual([
        patterns,
        path,
        patterns.some((one) => oracle(one).test(path)),
      ])
    }
  })

  test('a rule that is named is one that matches', () => {
    const random = createRandom(5)
    const patterns = Array.from({ length: 60 }, () => `/${random.text(PIECES, random.int(5))}`).filter(
      (one) => !one.includes('//'),
    )
    const rules = rulesFor(patterns)
    for (let round = 0; round < 2_000; round++) {
      const path = `/${random.text(['a', 'b', '/a', '/b', '.a'], random.int(8))}`
      const verdict = rules.judge(path)
      if (verdict.kind === 'public') expect(path).toMatch(oracle(verdict.rule.pattern))
    }
  })

  test('private rules only ever take away, and what they match is never public', () => {
    const random = createRandom(6)
    for (let round = 0; round < 2_000; round++) {
      const open = Array.from({ length: 3 }, () => `/${random.text(PIECES, random.int(4))}`)
      const closed = `/${random.text(PIECES, random.int(4))}`
      const path = `/${random.text(PATH_PARTS, random.int(5))}`
      const both = isPublic(rulesFor(open, [closed]), path)
      expect(both && !isPublic(rulesFor(open), path)).toBe(false)
      expect(
        both && (isPublic(rulesFor([closed]), path) || isPublic(rulesFor([closed]), path.toLowerCase())),
      ).toBe(false)
    }
  })

  test('garbage neither throws nor opens', () => {
    const random = createRandom(7)
    for (let round = 0; round < 3_000; round++) {
      const rules = rulesFor(
        [random.text(PATH_PARTS, 4)],
        round % 3 === 0 ? [random.text(PATH_PARTS, 3)] : [],
      )
      const path = random.text(PATH_PARTS, 5)
      expect(['public', 'private']).toContain(rules.judge(path).kind)
    }
  })
})
