import { expect, test } from 'bun:test'
import { cookieRemovals } from './cookie-removals.ts'

const HOST = 'notes-ab12.cloud.example.org'
const removed = (names: readonly string[], path = '/', hostname = HOST, scheme: 'http' | 'https' = 'http') =>
  cookieRemovals({ hostname, path, names, scheme })

test('a cookie is removed for every domain that a page of a sibling can have set it for', () => {
  expect(removed(['a'])).toEqual([
    'a=-; Domain=example.org; Path=/; Max-Age=0',
    'a=-; Domain=cloud.example.org; Path=/; Max-Age=0',
    `a=-; Domain=${HOST}; Path=/; Max-Age=0`,
  ])
})

test('the root comes first, then every path that leads to the page', () => {
  const paths = removed(['a'], '/x/y').map((one) => /Path=([^;]*)/.exec(one)![1])
  expect(paths.filter((_, at) => at % 3 === 0)).toEqual(['/', '/x/', '/x', '/x/y'])
})

test('on https, cookies that are secure or partitioned are removed as well', () => {
  expect(removed(['a'], '/', 'cloud.test', 'https')).toEqual([
    'a=-; Domain=cloud.test; Path=/; Max-Age=0; Secure',
    'a=-; Domain=cloud.test; Path=/; Max-Age=0; Secure; Partitioned',
  ])
})

test('a cookie of our name is removed where a sibling planted it, and never for the host', () => {
  expect(removed(['space_session'], '/', 'notes.cloud.test')).toEqual([
    'space_session=-; Domain=cloud.test; Path=/; Max-Age=0',
  ])
  expect(
    removed(['space_home', 'Space_Login', 'space_device', '__Host-space_home'], '/', 'cloud.test'),
  ).toEqual([])
})

test.each(['127.0.0.1', 'localhost', ''])(
  'a host %j has no domain that others could set cookies for',
  (host) => {
    expect(removed(['a'], '/', host)).toEqual([])
  },
)

test('a path that would end the attribute counts as the root', () => {
  for (const path of ['/a;Domain=x', '/a b', '/ä', 'a'])
    expect(removed(['a'], path, 'cloud.test')).toEqual(['a=-; Domain=cloud.test; Path=/; Max-Age=0'])
})

test('the lines are bounded, and what is likely comes first', () => {
  const names = Array.from({ length: 180 }, (_, at) => `${at}${'n'.repeat(150)}`)
  const lines = removed(names, `/${'x/'.repeat(100)}`)
  expect(lines.join('').length).toBeLessThan(131_072)
  expect(lines.slice(0, 540).every((line) => line.includes('Path=/;'))).toBe(true)
})

// Without a bound, each of these takes the front door longer than a minute.
test.each([
  ['a path of nothing but slashes', '/'.repeat(100_000), 'cloud.test'],
  ['a path of many segments', '/a'.repeat(100_000), 'cloud.test'],
  ['a host of many labels', '/', `${'a.'.repeat(100_000)}b`],
])(
  '%s costs no more than a short one',
  (_, path, hostname) => {
    expect(removed(['a'], path, hostname).length).toBeLessThanOrEqual(16)
  },
  5_000,
)
