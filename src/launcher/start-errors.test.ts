import { expect, test } from 'bun:test'
import { readServerConfig } from '../config/index.ts'
import { explainStartError } from './start-errors.ts'

const PLAIN: string[] = []
const TLS = ['--tls-cert', 'a.crt', '--tls-key', 'a.key']

test.each<[string, string[], object, string[]]>([
  ['a taken port', PLAIN, { code: 'EADDRINUSE' }, ['Port 7070 is taken', '--port 7071']],
  ['a taken port for https', TLS, { code: 'EADDRINUSE', port: 443 }, ['Port 443 is taken', '--port 444']],
  ['a taken port for http', TLS, { code: 'EADDRINUSE', port: 80 }, ['Port 80 is taken', '--http-port off']],
  [
    'a taken port for micros',
    ['--inside-port', '7071'],
    { code: 'EADDRINUSE', port: 7071 },
    ['Port 7071 is taken', '--inside-port 7072'],
  ],
  ['a port that takes rights', TLS, { code: 'EACCES', port: 443 }, ['below 1024', 'sysctl', '--port 8443']],
  ['an http port that takes rights', TLS, { code: 'EACCES', port: 80 }, ['port 80', '--http-port off']],
  ['a full disk', ['--data', '/srv/space'], { code: 'ENOSPC' }, ['The disk of', '/srv/space', 'df -h']],
  ['a database without space', PLAIN, { code: 'SQLITE_FULL' }, ['is full']],
  [
    'an address of another machine',
    PLAIN,
    { code: 'EADDRNOTAVAIL' },
    ['does not have the address 127.0.0.1 or ::1'],
  ],
])('%s is explained, and what to type is said', (_, args, error, words) => {
  const text = explainStartError(error, readServerConfig(args, {}))
  for (const word of words) expect(text).toContain(word)
})

test('an error of another kind is left to the log', () => {
  expect(explainStartError(new Error('defect'), readServerConfig([], {}))).toBe(null)
})
