import { describe, expect, test } from 'bun:test'
import { isPublic, rulesFor } from '../testing/notes-app.ts'

describe('a private rule beats every public one', () => {
  const admin = rulesFor(['/*', '/admin/public'], ['/admin', '/admin/*', '/Secret/Page.html', '/list'])
  test.each([
    '/admin',
    '/admin/',
    '/admin/public',
    '/admin/x/y',
    '/ADMIN',
    '/Admin/X',
    '/aDmIn/public',
    '/admin.html',
    '/admin/index.html',
    '/admin.',
    '/admin/.x',
    '/%EF%BD%81dmin',
    '/adm%C4%B1n'.replace('%C4%B1', 'i'),
    '/secret/page',
    '/secret/page/',
    '/SECRET/page.htm',
    '/Secret/Page.html',
    '/list',
    '/list/',
    '/LIST',
    '/list.html',
    '/list/index.html',
    '/list/__data.json',
    '/list/_payload.json',
    '/list.rsc',
    '/list.data',
    '/_next/data/build1/list.json',
    '/_next/data/build1/admin/x.json',
    '/list..',
    '/list./',
  ])('%s is private', (path) => {
    expect(admin.judge(path)).toMatchObject({ kind: 'private', why: 'private-rule' })
  })

  test.each(['/', '/adminx', '/list/1', '/lists', '/secret', '/x/admin', '/listing.html', '/a/__data.json'])(
    '%s stays public',
    (path) => {
      expect(isPublic(admin, path)).toBe(true)
    },
  )

  test('the root alone can be private', () => {
    const rules = rulesFor(['/*'], ['/'])
    expect(
      ['/', '/index.html', '/__data.json', '/_next/data/b/index.json'].filter((path) =>
        isPublic(rules, path),
      ),
    ).toEqual([])
    expect(isPublic(rules, '/a')).toBe(true)
  })

  test('one that cannot be understood closes everything', () => {
    for (const pattern of ['/(admin)', 'admin', '', '/a//b']) {
      expect(rulesFor(['/*'], [pattern]).judge('/x')).toMatchObject({
        why: 'private-rule',
        rule: { pattern },
      })
    }
  })

  test('exceptions in one are not honoured', () => {
    expect(isPublic(rulesFor(['/*'], ['/(?!(open))*']), '/open')).toBe(false)
  })
})

describe('the data of a page is public only if the page is', () => {
  const rules = rulesFor(['/blog/*', '/_next/*', '/x/__data.json'])
  test.each([
    '/blog/__data.json',
    '/_next/data/b/admin.json',
    '/_next/data/b/index.json',
    '/_next/data/b.json',
    '/x/__data.json',
    '/blog/a/__data.json/__data.json/__data.json',
  ])('%s is private', (path) =>
    expect(rules.judge(path)).toMatchObject({ kind: 'private', why: 'page-data' }),
  )
  test.each([
    '/blog/post/__data.json',
    '/_next/data/b/blog/post.json',
    '/_next/static/x.js',
    '/blog/data.json',
  ])('%s is public', (path) => expect(isPublic(rules, path)).toBe(true))
})
