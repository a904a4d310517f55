import { expect, test } from 'bun:test'
import { parseDomainName } from './domain-name.ts'

test.each([
  ['notes.example.org', 'notes.example.org'],
  ['example.org', 'example.org'],
  ['  notes.example.org\n', 'notes.example.org'],
  ['Notes.EXAMPLE.org', 'notes.example.org'],
  ['notes.example.org.', 'notes.example.org'],
  ['notes.lan', 'notes.lan'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['BÜCHER.example', 'xn--bcher-kva.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['日本.example', 'xn--wgv71a.example'],
  ['日本。example', 'xn--wgv71a.example'],
  ['ｎｏｔｅｓ.example', 'notes.example'],
  ['notlocalhost.example', 'notlocalhost.example'],
  ['localhost.example', 'localhost.example'],
  ['1.example', '1.example'],
  [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  [`${'a.'.repeat(126)}a`, `${'a.'.repeat(126)}a`],
])('%j is kept as %s', (text, name) => {
  expect(parseDomainName(text)).toBe(name)
})

test.each([
  '',
  ' ',
  '.',
  '..',
  'com',
  'lan',
  'localhost',
  'LOCALHOST.',
  'ⓛocalhost',
  'notes.localhost',
  'localhost.localdomain',
  '*.example.org',
  '*',
  'a.*.example.org',
  'notes.example.org:7070',
  'http://notes.example.org',
  'https://notes.example.org/',
  'notes.example.org/path',
  '//notes.example.org',
  'user@notes.example.org',
  'notes.example.org?x',
  'notes.example.org#x',
  'notes.example.org\\x',
  'notes example.org',
  'notes.example.org\r\nHost: x',
  'notes\0.example.org',
  'notes%2eexample.org',
  'notes_a.example.org',
  '-notes.example.org',
  'notes-.example.org',
  '.example.org',
  'notes..example.org',
  'notes.example.org..',
  '127.0.0.1',
  '１２７.0.0.1',
  '127.1',
  '0x7f.1',
  '2130706433',
  '1.2.3.4.5',
  'example.1',
  'example.0x1',
  '[::1]',
  '::1',
  'fe80::1%eth0',
  'xn--zzzz.example',
  'xn--a.example',
  'a\u200d.example',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(127)}a`,
  'a'.repeat(1_000_000),
])('%p is no custom domain', (text) => {
  expect(() => parseDomainName(text)).toThrow()
})

test('whatever is accepted is the host that a browser reads', () => {
  const pieces = [
    'a',
    '1',
    '.',
    '-',
    'xn--',
    '0x',
    'ü',
    '。',
    '／',
    '\u00ad',
    'ß',
    '%',
    '@',
    ':',
    '\u200b',
    'é',
  ]
  const names = textsOf(pieces, 4).flatMap((text) => accepted(`${text}.example`) ?? [])
  expect(names.length).toBeGreaterThan(1_000)
  for (const name of names) {
    expect(name).toMatch(/^[a-z0-9.-]+$/)
    expect([parseDomainName(name), new URL(`https://${name}`).host]).toEqual([name, name])
  }
})

/** Every text of this number of pieces. */
const textsOf = (pieces: readonly string[], count: number): string[] =>
  count === 0 ? [''] : pieces.flatMap((piece) => textsOf(pieces, count - 1).map((rest) => piece + rest))

function accepted(text: string): string | null {
  try {
    return parseDomainName(text)
  } catch {
    return null
  }
}
