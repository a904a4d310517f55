import { expect, test } from 'bun:test'
import { findDoorPort } from './door-port.ts'

const LOCAL = {
  homeOrigin: 'http://space.localhost:7070',
  domain: 'space.localhost',
  port: 7070,
  tls: null,
  listen: ['127.0.0.1', '::1'],
}

test.each([
  ['on loopback, it is the gateway itself', {}, 7070],
  [
    'with our own TLS it is the gateway itself as well',
    { homeOrigin: 'https://cloud.invalid:7070', tls: { files: [], httpPort: null } },
    7070,
  ],
  ['on all addresses as well', { listen: ['0.0.0.0', '::'] }, 7070],
  ['a gateway that does not listen on loopback has none', { listen: ['192.0.2.7'] }, null],
  [
    'behind a proxy of this machine it is the proxy',
    { homeOrigin: 'https://localhost', domain: 'localhost' },
    443,
  ],
  ['on another port, too', { homeOrigin: 'https://localhost:8443', domain: 'localhost' }, 8443],
  [
    'behind a proxy elsewhere there is none',
    { homeOrigin: 'https://cloud.invalid', domain: 'cloud.invalid' },
    null,
  ],
])('%s', async (_, changes, port) => {
  expect(await findDoorPort({ ...LOCAL, ...changes })).toBe(port)
})
