import { expect, test } from 'bun:test'
import { seededRandom } from '../../wire/testing/random.ts'
import { isCookieAllowed, withoutOurCookies } from './cookies.ts'

test.each([
  ['', ''],
  ['a=1', 'a=1'],
  ['a=1; b=2;', 'a=1; b=2;'],
  ['space_session=x', null],
  ['space_session=x;', null],
  ['space_session=x; a=1', 'a=1'],
  ['a=1; space_session=x', 'a=1'],
  ['a=1; space_session=x; b=2', 'a=1; b=2'],
  ['space_home=x; space_login=y; space_session=z', null],
  ['a=1;  "space_session"=x;b', 'a=1;b'],
  ['\xa0space_session=x; a=1', 'a=1'],
  ['sid=space_session; s=1; spa=2', 'sid=space_session; s=1; spa=2'],
])('%j without ours is %j', (value, expected) => {
  expect(withoutOurCookies(value)).toBe(expected)
})

test('whatever surrounds them, our names never remain and others are never touched', () => {
  const ours = [
    'space_session',
    'SPACE_HOME',
    '__Host-space_login',
    '__secure-Space_Session',
    ' space_home ',
    '"space_login"',
  ]
  const others = ['a', 'sid', 'space', 'space_sessions', '__Host-a', '_ga', 'my_space_session', 'S']
  for (let seed = 0; seed < 2_000; seed++) {
    const random = seededRandom(seed)
    const pairs = Array.from({ length: 1 + random.int(6) }, () => {
      const isOurs = random.chance(0.4)
      return {
        isOurs,
        text: `${random.pick(isOurs ? ours : others)}${random.pick(['=1', '', '=a=b', '="x'])}`,
      }
    })
    const value = pairs.map(({ text }) => text).join(random.pick([';', '; ']))
    const kept = pairs.filter(({ isOurs }) => !isOurs).map(({ text }) => text.trim())
    const left = withoutOurCookies(value)
    expect({ value, left: left?.split(';').map((pair) => pair.trim()) ?? [] }).toEqual({ value, left: kept })
    if (pairs.every(({ isOurs }) => !isOurs)) expect(left).toBe(value)
  }
})

test.each([
  ['a=1', true],
  ['a=1; Path=/; Secure; HttpOnly; SameSite=Lax', true],
  ['space_sessions=1', true],
  ['a=domain; Path=/domain', true],
  ['space_session=1', false],
  [' __HOST-SPACE_HOME =1', false],
  ['a=1; Domain=cloud.test', false],
  ['a=1;DOMAIN = x', false],
  ['a=1; domain', false],
  ['=space_session=1', false],
  ['a', false],
])('an app may set %j: %p', (value, allowed) => {
  expect(isCookieAllowed(value)).toBe(allowed)
})
