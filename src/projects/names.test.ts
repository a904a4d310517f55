import { expect, test } from 'bun:test'
import { newInstanceAlias, newRevisionTag, slugOf } from './names.ts'

test.each([
  ['My App!', 'my-app'],
  ['  Übung macht  den Meister ', 'ubung-macht-den-meister'],
  ['日本語', 'app'],
  ['', 'app'],
  ['--', 'app'],
  ['xn--bcher-kva', 'xn-bcher-kva'],
  ['a.b/c\nd', 'a-b-c-d'],
  ['../../etc', 'etc'],
  [`${'x'.repeat(39)}-y`, 'x'.repeat(39)],
])('%j begins a host as %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug)
})

test('an alias is one host label, however long the name', () => {
  expect(newInstanceAlias(slugOf('x'.repeat(500)))).toMatch(/^[a-z0-9-]{1,63}$/)
})

test('a tag is an animal and four letters', () => {
  for (let i = 0; i < 200; i++) expect(newRevisionTag()).toMatch(/^[a-z]{2,9}-[a-z]{4}$/)
})
