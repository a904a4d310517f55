import { describe, expect, test } from 'bun:test'
import { parseServer, serverOfRoot } from './server.ts'

describe('an address as it is typed', () => {
  test.each([
    ['http://localhost:7070', 'http://localhost:7070', { isLoopback: true, isExposed: false }],
    ['http://localhost:7070/', 'http://localhost:7070', { isLoopback: true, isExposed: false }],
    ['localhost:7070', 'http://localhost:7070', { isLoopback: true, isExposed: false }],
    ['space.localhost:7070', 'http://space.localhost:7070', { isLoopback: true, isExposed: false }],
    ['http://[::1]:7070', 'http://[::1]:7070', { isLoopback: true, isExposed: false }],
    ['127.0.0.1:7070', 'http://127.0.0.1:7070', { isLoopback: true, isExposed: false }],
    ['127.evil.example', 'https://127.evil.example', { isLoopback: false, isExposed: false }],
    ['cloud.example.org', 'https://cloud.example.org', { isLoopback: false, isExposed: false }],
    ['http://cloud.example.org', 'http://cloud.example.org', { isLoopback: false, isExposed: true }],
    ['https://example.org/space/', 'https://example.org/space', { isLoopback: false, isExposed: false }],
    ['HTTPS://Cloud.Example.org:443', 'https://cloud.example.org', { isLoopback: false, isExposed: false }],
  ])('%s is %s', (text, origin, rest) => {
    expect(parseServer(text)).toEqual({ origin, root: `${origin}/api`, ...rest })
  })

  test.each([
    '',
    'ftp://example.org',
    'http://',
    'http://user:pw@example.org',
    'https://example.org/?a=b',
    'a b',
  ])('%j is refused', (text) => {
    expect(() => parseServer(text)).toThrow('is not the address of a server')
  })
})

test.each(['/api', '/api/', '/api//', '//api', '/', ''].map((path) => `http://localhost:7070${path}`))(
  'SPACE_ROOT=%s means the server above its /api',
  (root) => {
    expect(serverOfRoot(root).root).toBe('http://localhost:7070/api')
  },
)
