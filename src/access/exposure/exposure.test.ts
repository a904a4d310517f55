import { describe, expect, test } from 'bun:test'
import {
  compareExposure,
  surfaceOf,
  warnAboutExposure,
  type MicroRoutes,
  type PathVerdict,
} from '../index.ts'
import { createRandom, type Random } from '../testing/random.ts'

const web = (publicRoutes: string[], privateRoutes: string[] = []): MicroRoutes => ({
  name: 'web',
  primary: true,
  mount: '/',
  publicRoutes,
  privateRoutes,
})
const api = (publicRoutes: string[], privateRoutes: string[] = [], mount = '/api'): MicroRoutes => ({
  name: 'api',
  primary: false,
  mount,
  publicRoutes,
  privateRoutes,
})

/** Outside patterns only. */
function diff(before: MicroRoutes[], after: MicroRoutes[]) {
  const { opens, closes, keeps } = compareExposure(before, after)
  const outside = (routes: typeof opens) => routes.map((route) => route.outside)
  return { opens: outside(opens), closes: outside(closes), keeps: outside(keeps) }
}

describe('what a change exposes', () => {
  test('a first push opens all that is public', () => {
    expect(compareExposure([], [web(['/ping'])])).toEqual({
      opens: [{ micro: 'web', pattern: '/ping', outside: '/ping', from: 'web', examples: ['/ping'] }],
      closes: [],
      keeps: [],
    })
  })

  test('a narrower rule opens nothing, and closes the wider one', () => {
    expect(diff([web(['/*'])], [web(['/a/*'])])).toEqual({ opens: [], closes: ['/*'], keeps: ['/a/*'] })
    const { closes } = compareExposure([web(['/*'])], [web(['/a/*'])])
    expect(closes[0]?.examples.every((path) => !path.startsWith('/a/'))).toBe(true)
  })

  test('a wider rule opens, and its examples were private before', () => {
    const { opens } = compareExposure([web(['/a/*'])], [web(['/a*'])])
    expect(opens).toMatchObject([{ outside: '/a*' }])
    expect(opens[0]?.examples).toEqual(['/aexample', '/a', '/aany/depth'])
  })

  test('taking out a private rule opens what it closed', () => {
    const { opens } = compareExposure([web(['/*'], ['/admin/*'])], [web(['/*'])])
    expect(opens).toMatchObject([
      { outside: '/*', examples: ['/admin/example', '/admin/', '/admin/any/depth'] },
    ])
  })

  test('adding one closes', () => {
    expect(diff([web(['/*'])], [web(['/*'], ['/admin'])])).toEqual({
      opens: [],
      closes: ['/*'],
      keeps: ['/*'],
    })
  })

  test('a second micro takes its mount out of what the primary opens', () => {
    const { opens, closes } = compareExposure([web(['/*'])], [web(['/*']), api([])])
    expect(opens).toEqual([])
    expect(closes).toMatchObject([{ outside: '/*', examples: ['/api', '/api/example', '/api/'] }])
  })

  test('a micro that is gone leaves its mount to the primary, which opens it', () => {
    const { opens } = compareExposure([web(['/*']), api([])], [web(['/*'])])
    expect(opens).toMatchObject([{ outside: '/*', examples: ['/api', '/api/example', '/api/'] }])
  })

  test('the same rule on another mount opens there and closes here', () => {
    expect(diff([web([]), api(['/x'])], [web([]), api(['/x'], [], '/v2')])).toEqual({
      opens: ['/v2/x'],
      closes: ['/api/x'],
      keeps: [],
    })
  })

  test('a rule of the primary below another mount is shown with the micro that serves it', () => {
    expect(compareExposure([], [web(['/api/photo/*']), api([])]).opens).toMatchObject([
      { micro: 'api', from: 'web', pattern: '/photo/*', outside: '/api/photo/*' },
    ])
  })

  test('fewer exceptions open', () => {
    expect(diff([web(['/(?!(admin|list))*'])], [web(['/(?!(admin))*'])]).opens).toEqual(['/(?!(admin))*'])
    expect(diff([web(['/(?!(admin))*'])], [web(['/(?!(admin|list))*'])]).opens).toEqual([])
  })

  test('a pattern that is not honoured is not on the surface', () => {
    expect(diff([], [web(['/(x)', '/a'])]).opens).toEqual(['/a'])
  })
})

test('for any change, what became public is reported as opened, and what became private as closed', () => {
  const random = createRandom(11)
  for (let round = 0; round < 1_500; round++) {
    const before = randomApp(random)
    const after = randomApp(random)
    const { opens, closes } = compareExposure(before, after)
    const [old, fresh] = [surfaceOf(before), surfaceOf(after)]
    for (const path of PROBES) {
      const [was, is] = [old.judge(path), fresh.judge(path)]
      const isNamed = (routes: typeof opens, verdict: PathVerdict) =>
        verdict.kind === 'public' && routes.some(({ pattern }) => pattern === verdict.rule.pattern)
      if (is.kind === 'public' && was.kind === 'private')
        expect([before, after, path, isNamed(opens, is)]).toEqual([before, after, path, true])
      if (was.kind === 'public' && is.kind === 'private')
        expect([before, after, path, isNamed(closes, was)]).toEqual([before, after, path, true])
    }
    for (const path of opens.flatMap(({ examples }) => examples)) {
      expect([fresh.judge(path).kind, old.judge(path).kind]).toEqual(['public', 'private'])
    }
  }
})

const ROUTES = [
  '/',
  '/*',
  '/a',
  '/a/*',
  '/A',
  '/a*',
  '/a/b',
  '/*/b',
  '/api/*',
  '/api/a',
  '/(?!(a))*',
  '/(?!(a|b))*',
  '/b.html',
  '/*.html',
]
const PROBES = [
  '/',
  '/a',
  '/a/',
  '/A',
  '/a.html',
  '/a/b',
  '/ab',
  '/b',
  '/b.html',
  '/api',
  '/api/',
  '/api/a',
  '/api/A/',
  '/api/a/b',
  '/x/b',
  '/x',
  '/api/x.html',
]

function randomApp(random: Random): MicroRoutes[] {
  const some = (most: number) => Array.from({ length: random.int(most + 1) }, () => random.pick(ROUTES))
  const micros = [web(some(3), some(1)), api(some(2), some(1))]
  return random.int(3) === 0 ? micros.slice(0, 1) : micros
}

describe('warnings about an app', () => {
  const messages = (...micros: MicroRoutes[]) =>
    warnAboutExposure(micros).map(({ micro, message }) => `${micro}: ${message}`)

  test('an ordinary app has none', () => {
    expect(messages(web(['/static/*']), api(['/hook']))).toEqual([])
  })

  test('a rule that opens nothing', () => {
    expect(messages(web(['/a'], ['/A/']))).toEqual(['web: this opens nothing: no example of /a is public'])
  })

  test.each([
    ['raw', (octet: number) => String.fromCharCode(octet)],
    ['encoded', (octet: number) => `%${octet.toString(16).padStart(2, '0')}`],
  ])('a rule with any octet is reported to open nothing, unless an example is open: %s', (_, write) => {
    for (let octet = 0; octet < 256; octet++) {
      const micros = [web([`/a${write(octet)}b`])]
      const isTold = messages(...micros).length > 0
      const isOpen = surfaceOf(micros).routes.some(({ examples }) => examples.length > 0)
      expect([octet, isTold || isOpen]).toEqual([octet, true])
      expect([octet, isTold && isOpen]).toEqual([octet, false])
    }
  })

  test('a mount written twice', () => {
    expect(messages(web([]), api(['/api/hook']))).toEqual([
      'api: this opens /api/api/hook: patterns are relative to /api',
    ])
  })

  test('everything public where keys are taken', () => {
    expect(messages(web([]), { ...api(['/*']), apiKeys: true })).toEqual([
      'api: this matches every path of the micro',
      'api: API keys are never checked here, because everything is public',
    ])
  })
})
