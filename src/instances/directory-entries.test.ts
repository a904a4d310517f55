import { expect, test } from 'bun:test'
import { customHosts } from './directory-entries.ts'
import { createAppHosts } from './app-hosts.ts'

const hosts = createAppHosts({ domain: 'cloud.test', homeOrigin: 'https://cloud.test:8443' })

test('a custom domain that the domain of the server has swallowed leads nowhere', () => {
  const domains = [
    'notes.example',
    'cloud.test',
    'blog-ab12.cloud.test',
    'a.b.cloud.test',
    'xcloud.test',
    'test',
  ]
  expect(customHosts({ domains }, hosts)).toEqual(['notes.example', 'xcloud.test', 'test'])
})

test('a custom domain has the scheme and port of Home', () => {
  expect(hosts.originAt('notes.example')).toBe('https://notes.example:8443')
})
