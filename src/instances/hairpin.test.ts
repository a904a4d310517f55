import { expect, test } from 'bun:test'
import { findHairpinRoute } from './hairpin.ts'

const LOCAL = {
  homeOrigin: 'http://space.localhost:7070',
  domain: 'space.localhost',
  insidePort: 40_000,
  tls: null,
}
const TLS = { files: [], httpPort: null }

test.each([
  ['it leads to the port for micros', {}, { port: 7070, hostPort: 40_000 }],
  [
    'with our own TLS as well',
    { homeOrigin: 'https://cloud.invalid', tls: TLS },
    { port: 443, hostPort: 40_000 },
  ],
  [
    'behind a router that passes another port on as well',
    { homeOrigin: 'http://cloud.invalid' },
    { port: 80, hostPort: 40_000 },
  ],
  [
    'behind a TLS proxy of this machine it leads to the proxy',
    { homeOrigin: 'https://localhost', domain: 'localhost' },
    { port: 443, hostPort: 443 },
  ],
  [
    'on another port, too',
    { homeOrigin: 'https://localhost:8443', domain: 'localhost' },
    { port: 8443, hostPort: 8443 },
  ],
  [
    'behind a TLS proxy elsewhere there is none',
    { homeOrigin: 'https://cloud.invalid', domain: 'cloud.invalid' },
    null,
  ],
])('%s', async (_, changes, route) => {
  expect(await findHairpinRoute({ ...LOCAL, ...changes })).toEqual(route)
})
