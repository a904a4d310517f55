import { expect, test } from 'bun:test'
import { examplePath, outsidePath } from './routes.ts'

const route = (mount: string, pattern: string) => ({ micro: 'm', mount, pattern })

test.each([
  ['/', '/ping', '/ping'],
  ['/', '/*', '/*'],
  ['/api', '/public', '/api/public'],
  ['/api', '/*', '/api/*'],
])('below %s, %s is %s from outside', (mount, pattern, expected) => {
  expect(outsidePath(route(mount, pattern))).toBe(expected)
})

test.each([
  [['/ping'], '/ping'],
  [['/files/*', '/ping'], '/ping'],
  [['/files/*'], '/files/'],
  [['/*'], '/'],
  [['/*.png'], null],
  [['/a*'], null],
  [[], null],
])('of %j, %j is one to try', (patterns, expected) => {
  expect(examplePath(patterns.map((pattern) => route('/', pattern)))).toBe(expected)
})
