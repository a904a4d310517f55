import { expect, test } from 'bun:test'
import { hashPassword, isPassword, UNUSED_HASH } from './passwords.ts'

const costOf = (hash: string) => hash.split('$').map((part, i) => (i < 4 ? part : part.length))

test('a hash says its cost, and no two are the same', async () => {
  const [one, two] = await Promise.all([hashPassword('a long password'), hashPassword('a long password')])
  expect(one).toStartWith('$argon2id$v=19$m=19456,t=2,p=1$')
  expect(one).not.toBe(two)
  expect(await isPassword('a long password', one)).toBe(true)
  expect(await isPassword('a long passwore', one)).toBe(false)
})

test('the hash that stands in for nobody takes as long to check as a real one', async () => {
  expect(costOf(UNUSED_HASH)).toEqual(costOf(await hashPassword('a long password')))
})

test('text that cannot be a password never is one', async () => {
  const hash = await hashPassword('x')
  for (const text of ['', 'x'.repeat(1_001), 'x'.repeat(1_000_000)])
    expect([await isPassword(text, undefined), await isPassword(text, hash)]).toEqual([false, false])
})
