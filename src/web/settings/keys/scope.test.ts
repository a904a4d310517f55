import { expect, test } from 'bun:test'
import { UNRESTRICTED, isEnded, scopeOf, scopeText } from './scope.ts'

const NOW = Date.parse('2026-11-21T12:00:00Z')

test('what is left alone restricts nothing', () => {
  expect(scopeOf(UNRESTRICTED, NOW)).toEqual({})
  expect(scopeOf({ ...UNRESTRICTED, paths: ' \n\n', perMinute: ' ' }, NOW)).toEqual({})
})

test('what is filled in restricts', () => {
  const form = {
    micros: ['api'],
    methods: ['GET'],
    paths: ' /hooks/* \n/ping\n',
    lifeDays: 30,
    perMinute: '60',
    origins: 'https://a.test\n',
  }
  expect(scopeOf(form, NOW)).toEqual({
    micros: ['api'],
    methods: ['GET'],
    paths: ['/hooks/*', '/ping'],
    expires_at: '2026-12-21T12:00:00.000Z',
    per_minute: 60,
    origins: ['https://a.test'],
  })
})

test.each([
  [{}, null],
  [{ micros: null, methods: null, paths: null, per_minute: null }, null],
  [{ methods: ['GET', 'HEAD'] }, 'GET and HEAD'],
  [{ paths: ['/a', '/b', '/c'] }, '/a, /b and /c'],
  [{ micros: ['api'] }, 'everything on api'],
  [{ per_minute: 1 }, '1 request per minute'],
  [{ origins: ['https://a.test'] }, 'for pages of https://a.test'],
  [
    { methods: ['GET'], paths: ['/hooks/*'], micros: ['api'], per_minute: 60 },
    'GET of /hooks/* on api, 60 requests per minute',
  ],
])('%j is said as %p', (scope, text) => {
  expect(scopeText(scope)).toBe(text)
})

test('a key has ended from its moment on', () => {
  const end = new Date(NOW).toISOString()
  expect([isEnded({ expires_at: end }, NOW - 1), isEnded({ expires_at: end }, NOW)]).toEqual([false, true])
  expect(isEnded({ expires_at: null }, NOW)).toBe(false)
})
