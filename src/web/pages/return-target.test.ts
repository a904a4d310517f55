import { expect, test } from 'bun:test'
import { returnTarget } from './return-target.ts'

const HERE = 'http://space.localhost:7070/login'

test.each([
  [undefined, { kind: 'home', href: '/' }],
  ['/', { kind: 'home', href: '/' }],
  ['/cli?code=ABCD-EFGH', { kind: 'home', href: '/cli?code=ABCD-EFGH' }],
  ['http://space.localhost:7070/account', { kind: 'home', href: '/account' }],
  [
    '/auth/handoff?host=a.space.localhost&to=%2F',
    { kind: 'server', href: '/auth/handoff?host=a.space.localhost&to=%2F' },
  ],
  ['/login?redirect_uri=/login', { kind: 'home', href: '/' }],
])('%p leads to a page of our own', (given, expected) => {
  expect(returnTarget(given, HERE)).toMatchObject(expected)
})

test('only an address of the hand-off or of another host claims to lead to an app', () => {
  const claimed = (uri: string) => returnTarget(uri, HERE).claimedHost
  expect(claimed('/auth/handoff?host=Call%20us')).toBe('Call us')
  expect(claimed('https://evil.example/x')).toBe('evil.example')
  expect(claimed('/account?host=Call%20us')).toBeNull()
})

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil.example',
  '/\\evil.example',
  'https://evil.example/',
  'http://space.localhost:7070@evil.example/',
  'http://space.localhost.evil.example:7070/',
  'http://space.localhost:7070//evil.example',
  '\thttps://evil.example',
])('%p never leaves this origin by itself', (given) => {
  const { href } = returnTarget(given, HERE)
  expect(new URL(href, HERE).origin).toBe('http://space.localhost:7070')
  expect(href).not.toStartWith('//')
})
