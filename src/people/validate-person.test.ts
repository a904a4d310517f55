import { describe, expect, test } from 'bun:test'
import { HttpError } from '../kernel/http-error.ts'
import { parsePerson } from './validate-person.ts'

const parse = (change: { username?: string; email?: string; password?: string }) =>
  parsePerson({ username: 'ada', email: 'ada@example.org', password: 'a long password', ...change })

describe('a username', () => {
  test.each(['ada', 'ADA', 'a-b_c', '123', 'x'.repeat(32)])('may be %j', (username) => {
    expect(parse({ username }).username).toBe(username.toLowerCase())
  })

  test.each([
    ['empty', ''],
    ['short', 'ab'],
    ['long', 'x'.repeat(33)],
    ['with a blank', 'a da'],
    ['with a line break at its end', 'ada\n'],
    ['with a dot', 'a.da'],
    ['with an @', 'ada@x'],
    ['with a Cyrillic a', '\u0430da'],
    ['with a Kelvin sign', '\u212aai'],
    ['with a long s', '\u017fam'],
    ['with a dotless i', 'm\u0131a'],
    ['with a NUL', 'ada\0'],
    ['with a zero-width space', 'ad\u200ba'],
    ['full-width', '\uff41\uff44\uff41'],
  ])('may not be %s', (_, username) => {
    expect(() => parse({ username })).toThrow(HttpError)
  })
})

describe('an e-mail address', () => {
  test.each(['ada@example.org', 'Ada.Lovelace+space@mail.example.co.uk', "o'neill@x-y.example"])(
    'may be %j',
    (email) => {
      expect(parse({ email }).email).toBe(email.toLowerCase())
    },
  )

  test('may be left out', () => {
    expect(parsePerson({ username: 'ada', password: 'a long password' }).email).toBeNull()
    expect(parse({ email: '' }).email).toBeNull()
  })

  test.each([
    ['two @', 'attacker@evil.com@company.com'],
    ['a list', 'a@x.org,b@company.com'],
    ['a list by semicolon', 'a@x.org;b@company.com'],
    ['a full-width @', 'ada\uff20example.org'],
    ['a full-width @ besides', 'a\uff20evil.com@company.com'],
    ['a quoted local part', '"a@evil.com"@company.com'],
    ['a comment', 'ada(evil.com)@company.com'],
    ['a display name', 'Ada <ada@example.org>'],
    ['a line break', 'ada@example.org\nbcc: eve@example.org'],
    ['a carriage return', 'ada\r@example.org'],
    ['no local part', '@example.org'],
    ['no domain', 'ada@'],
    ['one label', 'ada@localhost'],
    ['an empty label', 'ada@example..org'],
    ['a dot at the end', 'ada@example.org.'],
    ['an address literal', 'ada@[127.0.0.1]'],
    ['a homoglyph domain', 'ada@ex\u0430mple.org'],
    ['a long local part', `${'a'.repeat(65)}@example.org`],
    ['too many characters', `ada@${'a.'.repeat(130)}org`],
    ['a NUL', 'ada\0@example.org'],
    ['a blank', 'ada @example.org'],
    ['a percent route', 'a%evil.com@company.com@x.org'],
  ])('may not have %s', (_, email) => {
    expect(() => parse({ email })).toThrow(HttpError)
  })
})

describe('a password', () => {
  test.each(['ten chars!', 'x'.repeat(1_000), '\u{1f5dd}'.repeat(10), '   spaces   '])(
    'may be %j',
    (password) => {
      expect(parse({ password }).password).toBe(password)
    },
  )

  test.each([
    ['nine characters', 'nine char'],
    ['nine characters of two units', '\u{1f5dd}'.repeat(9)],
    ['letters that compose to fewer than ten', 'e\u0301'.repeat(9)],
    ['a thousand and one', 'x'.repeat(1_001)],
    ['a megabyte', 'x'.repeat(1_000_000)],
  ])('may not be %s', (_, password) => {
    expect(() => parse({ password })).toThrow(HttpError)
  })

  test('may not be the username', () => {
    expect(() => parse({ username: 'ada-lovelace', password: 'Ada-Lovelace' })).toThrow(HttpError)
  })
})
