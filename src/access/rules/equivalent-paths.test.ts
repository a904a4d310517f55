import { describe, expect, test } from 'bun:test'
import { canonicalPath } from '../index.ts'
import { textOf } from '../paths/path-ambiguity.ts'
import { PATH_PARTS } from '../testing/path-grammar.ts'
import { createRandom } from '../testing/random.ts'
import { fold, pageOfData, sharedByEquivalents, equivalentsOf } from './equivalent-paths.ts'

test.each([
  ['/admin', '/ADMIN/'],
  ['/admin', '/admin.html'],
  ['/admin', '/Admin/index.HTML'],
  ['/admin/', '/admin'],
  ['/admin.html', '/admin'],
  ['/admin/index.html', '/admin/'],
  ['/admin', '/admin.'],
  ['/admin', '/admin.html.br'],
  ['/admin', '/admin/__data.json'],
  ['/admin', '/_next/data/b1/admin.json'],
  ['/docs/admin', '/docs/_next/data/b1/admin.json'],
  ['/', '/index.html'],
  ['/', '/_next/data/b1/index.json'],
  ['/stra\u00dfe', '/STRASSE'],
  ['/admin', '/\uff41dmin'],
])('%s is closed by closing its equivalent %s', (closed, asked) => {
  expect(equivalentsOf(asked)).toContain(fold(closed))
})

test.each([
  ['/a', '/b'],
  ['/admin', '/admins'],
  ['/admin', '/x/admin'],
  ['/a/b', '/a'],
])('%s and %s are no equivalents', (a, b) => {
  expect(equivalentsOf(a)).not.toContain(fold(b))
})

test.each([
  ['/a/__data.json', '/a'],
  ['/__data.json', '/'],
  ['/a/_payload.json', '/a'],
  ['/_next/data/b1/a/b.json', '/a/b'],
  ['/base/_next/data/b1/a.json', '/base/a'],
  ['/_next/data/b1/index.json', '/'],
  ['/_next/data/b1.json', '/'],
  ['/_next/data/b1/a.js', null],
  ['/a/data.json', null],
  ['/__data.json/x', null],
])('%s is the data of %p', (path, page) => {
  expect(pageOfData(path)).toBe(page)
})

describe('for any plain path', () => {
  const random = createRandom(8)
  const texts = Array.from({ length: 60_000 }, () => `/${random.text(PATH_PARTS, random.int(6))}`)
    .filter((path) => {
      const reading = canonicalPath(path)
      return reading.kind === 'path' && reading.isPlain && reading.query === ''
    })
    .map(textOf)

  test('all equivalents begin with what they are said to share', () => {
    const wrong = texts.filter((text) => {
      const shared = sharedByEquivalents(fold(text))
      return !equivalentsOf(text).every((equivalent) => equivalent.startsWith(shared))
    })
    expect(wrong).toEqual([])
  })

  test('a equivalent is folded, and the path is its own', () => {
    const wrong = texts.filter((text) => {
      const equivalents = equivalentsOf(text)
      return (
        !equivalents.includes(fold(text)) || equivalents.some((equivalent) => fold(equivalent) !== equivalent)
      )
    })
    expect(wrong).toEqual([])
  })
})
