import { describe, expect, test } from 'bun:test'
import { diagnoseRoutes } from '../index.ts'

const severities = (patterns: string[]) =>
  diagnoseRoutes(patterns).map(({ index, severity }) => `${index} ${severity}`)
const only = (pattern: string) => diagnoseRoutes([pattern])[0]

test('patterns of published apps need no word', () => {
  const patterns = [
    '/',
    '/api/*',
    '/static/*',
    '/manifest.json',
    '/ping',
    '/api-submit*',
    '/v*/events',
    '/*.png',
    '/café',
    '/@me',
  ]
  expect(diagnoseRoutes(patterns)).toEqual([])
})

describe('patterns that will not be honoured are errors with a way out', () => {
  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['public', 'slash'],
    ['*.png', 'slash'],
    ['/(admin|list)', '( has no meaning'],
    ['/user/[id]', '[ has no meaning'],
    ['/a$', '$ has no meaning'],
    ['/\\d+', '\\ has no meaning'],
    ['/search?q=*', 'path only'],
    ['/(?!(admin))', 'only supported regular expression'],
    ['/*(?!(admin))*', 'only supported regular expression'],
    ['/(?!(a.*))*', 'only supported regular expression'],
    ['/a//b', 'no public path can match this'],
    ['/../a', 'no public path can match this'],
    ['/a%2Fb', 'no public path can match this'],
    ['/a;b', 'no public path can match this'],
    ['/%zz', 'no public path can match this'],
    ['/__space/v0/*', 'belongs to the platform'],
    [`/${'a'.repeat(600)}`, 'longer than'],
  ])('%s', (pattern, message) => {
    expect(only(pattern)).toMatchObject({ severity: 'error', index: 0, pattern, hint: expect.any(String) })
    expect(only(pattern)?.message).toContain(message)
  })
})

describe('surprises are warnings', () => {
  test.each([
    [['/x '], 'blanks'],
    [['/user/:id'], '":" has no meaning'],
    [['/*'], 'every path'],
    [['*'], 'every path'],
    [['/_next/*'], '/_next/image'],
    [['/_app/*'], '/_app/remote'],
  ])('%p', (patterns, message) => {
    expect(diagnoseRoutes(patterns)).toMatchObject([
      { severity: 'warning', message: expect.stringContaining(message) },
    ])
  })

  test('patterns that differ in case only are both named', () => {
    expect(severities(['/Ping', '/ping'])).toEqual(['0 warning', '1 warning'])
  })

  test('what another pattern covers is named once', () => {
    expect(severities(['/a/*', '/a/b'])).toEqual(['1 warning'])
    expect(severities(['/a', '/a'])).toEqual(['1 warning'])
    expect(severities(['/a*', '/a/*'])).toEqual(['1 warning'])
    expect(severities(['/a/*', '/a'])).toEqual([])
    expect(severities(['/(?!(admin))*', '/x', '/admin/x'])).toEqual(['1 warning'])
  })
})

test('more rules than are honoured are said once', () => {
  const many = Array.from({ length: 1_002 }, (_, i) => `/r${i}`)
  expect(diagnoseRoutes(many)).toMatchObject([{ severity: 'error', index: 1_000 }])
  const scanned = Array.from({ length: 70 }, (_, i) => `/*/r${i}/*`)
  expect(diagnoseRoutes(scanned)).toMatchObject([{ severity: 'error', index: 64 }])
})
