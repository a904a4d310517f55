import { expect, test } from 'bun:test'
import { removalsOfPlanted } from './cookies.ts'

test('planted cookies are removed for every domain above a host, and for every path', () => {
  const removals = removalsOfPlanted('space_login', 'notes.a.example.org', '/__space/auth/callback')
  const of = (domain: string) => removals.filter((one) => one.includes(`; Domain=${domain};`))
  const pathsOf = (values: string[]) => values.map((one) => /Path=([^;]*)/.exec(one)?.[1]).sort()
  const paths = ['/', '/__space', '/__space/', '/__space/auth', '/__space/auth/', '/__space/auth/callback']
  expect(pathsOf(of('a.example.org'))).toEqual(paths)
  expect(pathsOf(of('example.org'))).toEqual(paths)
  expect(removals).toHaveLength(12)
  expect(removals[0]).toBe('space_login=; Domain=a.example.org; Path=/; Max-Age=0')
})

test('there is no domain above a host of two labels', () => {
  expect(removalsOfPlanted('space_login', 'notes.lan', '/x')).toEqual([])
})
