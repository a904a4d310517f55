import { expect, test } from 'bun:test'
import { seededRandom } from '../../wire/testing/random.ts'
import { cookieFate, describeWideCookie, withoutOurCookies } from './cookies.ts'

test.each([
  ['', ''],
  ['a=1', 'a=1'],
  ['a=1; b=2;', 'a=1; b=2;'],
  ['space_session=x', null],
  ['space_session=x;', null],
  ['space_session=x; a=1', 'a=1'],
  ['a=1; space_session=x', 'a=1'],
  ['a=1; space_session=x; b=2', 'a=1; b=2'],
  ['space_home=x; space_login=y; space_session=z; space_device=d', null],
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
    'space_device',
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

const HOST = 'notes-ab12.cloud.test'

test.each([
  ['a=1', 'keep'],
  ['a=1; Path=/; Secure; HttpOnly; SameSite=Lax', 'keep'],
  ['space_sessions=1', 'keep'],
  ['a=domain; Path=/domain', 'keep'],
  ['space_session=1', 'ours'],
  ['space_session=1; Domain=notes-ab12.cloud.test', 'ours'],
  [' __HOST-SPACE_HOME =1', 'ours'],
  ['=space_session=1', 'ours'],
  ['a', 'ours'],
  ['a=1; Domain=cloud.test', 'wide'],
  ['a=1;DOMAIN = x', 'wide'],
  ['a=1; Domain=.cloud.test', 'wide'],
  ['a=1; Domain=x.notes-ab12.cloud.test', 'wide'],
  ['a=1; Domain=otes-ab12.cloud.test', 'wide'],
  ['a=1; Domain=notes-ab12.cloud.test; Domain=cloud.test', 'wide'],
  ['a=1; Domain=cloud.test; Domain=notes-ab12.cloud.test', 'wide'],
  ['a=1; Domain="notes-ab12.cloud.test"', 'wide'],
  ['a=1; Domain=notes-ab12.cloud.test.', 'wide'],
  ['a=1; domain', 'wide'],
  ['a=1; domain=', 'wide'],
  ['a=1; Domain=..notes-ab12.cloud.test', 'wide'],
])('of a cookie %j becomes: %s', (value, kind) => {
  expect(cookieFate(value, HOST).kind).toBe(kind as never)
})

test.each([
  ['a=1; Domain=notes-ab12.cloud.test', 'a=1'],
  ['a=1; Path=/; DOMAIN = .Notes-AB12.cloud.test ; HttpOnly', 'a=1; Path=/; HttpOnly'],
  ['a=1;Domain=notes-ab12.cloud.test;Domain=.notes-ab12.cloud.test;Path=/', 'a=1;Path=/'],
])('a cookie for the host itself, %j, is kept as %j', (value, text) => {
  expect(cookieFate(value, HOST)).toEqual({ kind: 'host-only', text })
  expect(cookieFate(text, HOST)).toEqual({ kind: 'keep' })
})

test('whatever attributes a cookie has, none that is passed on has a Domain', () => {
  const names = ['Domain', ' domain ', 'DOMAIN', '\tDomain', '\xa0domain', 'Path', 'xDomain', 'Domainx', '']
  const values = ['', '=', `=${HOST}`, `=.${HOST}`, '=cloud.test', '=;', '= ', `="${HOST}"`]
  for (let seed = 0; seed < 2_000; seed++) {
    const random = seededRandom(seed)
    const attributes = Array.from({ length: random.int(5) }, () => random.pick(names) + random.pick(values))
    const fate = cookieFate(['a=1', ...attributes].join(';'), HOST)
    const passed = fate.kind === 'host-only' ? fate.text : fate.kind === 'keep' ? attributes.join(';') : ''
    expect(passed).not.toMatch(/(?:^|;)\s*domain\s*(?:=|;|$)/i)
  }
})

test('a dropped cookie is described by name and Domain, both cut off', () => {
  expect(describeWideCookie('sid=1; Path=/; Domain=.cloud.test')).toEqual({
    cookie: 'sid',
    domain: '.cloud.test',
  })
  const { cookie, domain } = describeWideCookie(`${'n'.repeat(200)}=1; Domain=${'d'.repeat(200)}`)
  expect([cookie.length, domain.length]).toEqual([64, 64])
})
