import { expect, test } from 'bun:test'
import { readServerConfig } from '../config/index.ts'
import { startBanner } from './banner.ts'

const screenOf = (...args: string[]) =>
  Bun.stripANSI(startBanner({ config: readServerConfig(args, {}), setupCode: null, notices: [] }))

test.each([
  [[], 'npx space login, then'],
  [['--port', '8080'], 'npx space login --server http://localhost:8080, then'],
  [['--domain', 'cloud.test'], 'npx space login --server http://cloud.test:7070, then'],
  [
    ['--domain', 'cloud.test', '--tls-cert=a', '--tls-key=b'],
    'npx space login --server https://cloud.test, then',
  ],
  [['--port=8443', '--tls-cert=a', '--tls-key=b'], '--server https://space.localhost:8443, then'],
  [['--public-url', 'https://cloud.test'], 'npx space login --server https://cloud.test, then'],
])('with %j the log-in that is shown reaches this server', (args, line) => {
  expect(screenOf(...args)).toContain(line)
})
