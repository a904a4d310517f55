import { describe, expect, test } from 'bun:test'
import { isReservedPath } from '../index.ts'
import { PATH_PARTS } from '../testing/path-grammar.ts'

describe('the reserved path', () => {
  test.each([
    '/__space',
    '/__space/',
    '/__space/v0/actions',
    '/__SPACE/v0/base',
    '/__Space',
    '//__space/x',
    '/\\__space/x',
    '/%5f%5fspace/x',
    '/%5F_space/x',
    '/__%73pace/x',
    '/%255f_space/x',
    '/%25255f_space/x',
    '/__space%2fx',
    '/__space%5cx',
    '/__space;x',
    '/__space%00',
    '/__space./x',
    '/__space%20/x',
    '/%2f__space',
  ])('%s belongs to the platform', (path) => {
    expect(isReservedPath(path)).toBe(true)
  })

  test.each([
    '/',
    '/__spaceship',
    '/__space-x',
    '/__space_x',
    '/_space',
    '/x/__space',
    '/space',
    '/__spac',
    '/%5f',
  ])('%s does not', (path) => {
    expect(isReservedPath(path)).toBe(false)
  })

  test('a spelling of any length is judged', () => {
    for (const part of PATH_PARTS) expect(typeof isReservedPath(`/${part.repeat(3_000)}`)).toBe('boolean')
  })
})
