import { expect, test } from 'bun:test'
import { seededRandom } from '../../wire/testing/random.ts'
import { CookieNames } from './cookie-names.ts'

const namesOf = (...pieces: readonly string[]): readonly string[] => {
  const names = new CookieNames()
  for (const piece of pieces) names.add(Buffer.from(piece, 'latin1'))
  return names.names
}

test.each([
  ['a=1; b=2;c=3\r\n', ['a', 'b', 'c']],
  ['a=1; a=2; b=x=y; b=\r\n', ['a', 'b']],
  ['nameless; =nameless; a=1\r\n', ['', 'a']],
  ['a=1;; ; b=2\r\n', ['a', 'b']],
  ['a=1\r\nX: b=2; c=3\r\n', ['a']],
  ['\xe4=1; a\x01b=2; c=3\r\n', ['\xe4', 'c']],
  ['a=1; unfinished', ['a']],
  ['\r\n', []],
])('%j has the names %j', (value, names) => {
  expect(namesOf(value)).toEqual(names)
})

test('the names are the same however the line is cut', () => {
  const line = 'first=1; second=; =x; third=a=b; \xe4=5\r\nOther: no=1'
  for (let seed = 0; seed < 300; seed++) {
    const random = seededRandom(seed)
    const pieces: string[] = []
    for (let at = 0; at < line.length; at += pieces.at(-1)!.length)
      pieces.push(line.slice(at, at + 1 + random.int(6)))
    expect(namesOf(...pieces)).toEqual(['first', 'second', '', 'third', '\xe4'])
  }
})

test('what is kept of endless names is bounded', () => {
  const names = namesOf(...Array.from({ length: 200 }, (_, at) => `${at}${'n'.repeat(4_000)}=1; `))
  expect(names.join('').length).toBeLessThan(33_000)
  expect(namesOf('n'.repeat(1_000_000)).join('')).toBe('')
})

test('a name that no browser keeps is left out, and so are names beyond four hundred', () => {
  expect(namesOf(`${'n'.repeat(4_097)}=1; a=2; `)).toEqual(['a'])
  const tiny = Array.from({ length: 10_000 }, (_, at) => `${at.toString(36)}=; `)
  expect(namesOf(...tiny)).toHaveLength(400)
})

test('a connection that sends a name without an end takes little memory', () => {
  const name = Buffer.from('n'.repeat(32_000))
  const before = memoryBytes()
  const open = Array.from({ length: 500 }, () => {
    const names = new CookieNames()
    names.add(name)
    return names
  })
  expect((memoryBytes() - before) / open.length).toBeLessThan(200_000)
})

function memoryBytes(): number {
  Bun.gc(true)
  return process.memoryUsage.rss()
}
