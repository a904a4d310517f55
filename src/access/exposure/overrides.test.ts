import { describe, expect, test } from 'bun:test'
import { applyOverrides, surfaceOf, type MicroRoutes, type Override } from '../index.ts'
import { createRandom, type Random } from '../testing/random.ts'
import { randomTarget } from '../testing/path-grammar.ts'

const web = (publicRoutes: string[]): MicroRoutes => ({
  name: 'web',
  primary: true,
  mount: '/',
  publicRoutes,
  privateRoutes: [],
})
const api = (publicRoutes: string[]): MicroRoutes => ({
  ...web(publicRoutes),
  name: 'api',
  primary: false,
  mount: '/api',
})

const judge = (micros: MicroRoutes[], overrides: Override[], path: string) =>
  surfaceOf(applyOverrides(micros, overrides)).judge(path).kind

const close = (micro: string, pattern: string): Override => ({ micro, kind: 'close', pattern })
const hide = (micro: string, pattern: string): Override => ({ micro, kind: 'private', pattern })

describe('what the owner takes back', () => {
  test('a closed rule opens nothing, and its neighbours stay', () => {
    const micros = [web(['/ping', '/docs/*'])]
    expect(judge(micros, [close('web', '/docs/*')], '/docs/a')).toBe('private')
    expect(judge(micros, [close('web', '/docs/*')], '/ping')).toBe('public')
  })

  test.each(['/docs/*', ' /docs/* ', '/docs/**'])('a rule is closed in every spelling: %j', (spelling) => {
    expect(judge([web([spelling])], [close('web', '/docs/*')], '/docs/a')).toBe('private')
  })

  test('closing the rule of one micro leaves the same pattern of another', () => {
    const micros = [web(['/ping']), api(['/ping'])]
    expect(judge(micros, [close('api', '/ping')], '/api/ping')).toBe('private')
    expect(judge(micros, [close('api', '/ping')], '/ping')).toBe('public')
  })

  test('a rule that the primary wrote for another micro is closed where it opens', () => {
    const micros = [web(['/api/photo/*']), api([])]
    expect(judge(micros, [], '/api/photo/1')).toBe('public')
    expect(judge(micros, [close('api', '/photo/*')], '/api/photo/1')).toBe('private')
  })

  test('a private pattern closes what it matches, and its equivalents', () => {
    const micros = [web(['/*'])]
    for (const path of ['/admin', '/ADMIN', '/admin/'])
      expect(judge(micros, [hide('web', '/admin')], path)).toBe('private')
    expect(judge(micros, [hide('web', '/admin')], '/other')).toBe('public')
  })

  test('an override for a micro that does not exist changes nothing', () => {
    expect(judge([web(['/ping'])], [close('old', '/ping'), hide('old', '/*')], '/ping')).toBe('public')
  })

  test('a rule beyond the bounds does not take the place of one that was closed', () => {
    const many = Array.from({ length: 1_000 }, (_, i) => `/r${i}`)
    expect(judge([web([...many, '/late'])], [], '/late')).toBe('private')
    expect(judge([web([...many, '/late'])], [close('web', '/r0')], '/late')).toBe('private')
    const scanned = Array.from({ length: 64 }, (_, i) => `/s${i}/*x*`)
    expect(judge([web([...scanned, '/late*x*'])], [close('web', '/s0/*x*')], '/latex')).toBe('private')
  })
})

test('whatever the owner takes back, nothing is public that was not', () => {
  const random = createRandom(5)
  for (let round = 0; round < 400; round++) {
    const micros = randomApp(random)
    const overrides = randomOverrides(random, micros)
    const narrowed = applyOverrides(micros, overrides)
    const [before, after] = [surfaceOf(micros), surfaceOf(narrowed)]
    const examples = [...before.routes, ...after.routes].flatMap((route) => route.examples)
    const paths = [...examples, ...Array.from({ length: 40 }, () => randomTarget(random))]
    const opened = paths.filter(
      (path) => after.judge(path).kind === 'public' && before.judge(path).kind !== 'public',
    )
    expect({ micros, overrides, opened }).toEqual({ micros, overrides, opened: [] })
  }
})

const PATTERNS =
  '/ /* /a /a/* /a* /*/b /A /ab/* /api /api/* /api/a /api/a/* /(?!(a|b))* /public/* /*.json junk'.split(' ')

function randomApp(random: Random): MicroRoutes[] {
  const some = () => Array.from({ length: random.int(5) }, () => random.pick(PATTERNS))
  const micros = [
    { ...web(some()), privateRoutes: random.int(3) === 0 ? some() : [] },
    { ...api(some()), privateRoutes: random.int(3) === 0 ? some() : [] },
  ]
  return random.int(3) === 0 ? micros.slice(0, 1) : micros
}

function randomOverrides(random: Random, micros: MicroRoutes[]): Override[] {
  const routes = surfaceOf(micros).routes
  return Array.from({ length: 1 + random.int(4) }, (): Override => {
    if (random.int(2) === 0 && routes.length > 0) {
      const { micro, pattern } = random.pick(routes)
      return close(micro, pattern)
    }
    const make = random.int(2) === 0 ? close : hide
    return make(random.pick(['web', 'api', 'gone']), random.pick(PATTERNS))
  })
}
