import { expect, test } from 'bun:test'
import { requestHead, startOpenApp } from '../testing/open-app.ts'
import { RawClient } from '../testing/raw-client.ts'
import { startRawUpstream } from '../testing/raw-upstream.ts'
import { HOST, processAt, startTestGateway } from '../testing/test-gateway.ts'
import { clientBehind, trustedProxies } from './trusted-proxies.ts'

const ours = trustedProxies(['127.0.0.2', '10.1.0.0/16', 'fd00::/8'])

test.each([
  ['203.0.113.9', '198.51.100.1', '203.0.113.9', 'a stranger claims another address'],
  ['127.0.0.2', '198.51.100.1', '198.51.100.1', 'our proxy says who it is'],
  ['127.0.0.2', null, '127.0.0.2', 'our proxy says nothing'],
  ['127.0.0.2', '6.6.6.6, 198.51.100.1', '198.51.100.1', 'a client made up what comes first'],
  ['127.0.0.2', '6.6.6.6, 198.51.100.1, 10.1.2.3', '198.51.100.1', 'two proxies of ours in a row'],
  ['127.0.0.2', '10.1.2.3, 127.0.0.2', '10.1.2.3', 'a proxy of ours is the client'],
  ['127.0.0.2', '6.6.6.6, nonsense', '127.0.0.2', 'an entry is no address'],
  ['127.0.0.2', '6.6.6.6, 198.51.100.1:443', '198.51.100.1', 'an entry has a port'],
  ['127.0.0.2', '6.6.6.6, "198.51.100.1"', '198.51.100.1', 'an entry is quoted'],
  ['127.0.0.2', '198.51.100.001', '198.51.100.1', 'an entry has leading zeros'],
  ['127.0.0.2', '::ffff:198.51.100.1', '198.51.100.1', 'an entry is IPv4 as IPv6'],
  ['127.0.0.2', '"[2001:DB8::1]:80"', '2001:db8::1', 'an entry has brackets and a port'],
  ['127.0.0.2', 'fe80::1%eth0', 'fe80::1', 'an entry has a zone'],
  ['127.0.0.2', '198.51.100.1, ::ffff:10.1.2.3', '198.51.100.1', 'a proxy of ours as IPv6'],
  ['127.0.0.2', '198.51.100.1, 10.1.2.3:8080', '198.51.100.1', 'a proxy of ours with a port'],
  ['::ffff:127.0.0.2', '198.51.100.1', '198.51.100.1', 'our proxy on an IPv6 socket'],
  ['127.0.0.2', '', '127.0.0.2', 'the header is empty'],
  ['127.0.0.1', '198.51.100.1', '127.0.0.1', 'another address of this machine'],
  ['fd00::1', '2001:db8::1', '2001:db8::1', 'IPv6'],
  ['10.2.0.1', '198.51.100.1', '10.2.0.1', 'just outside the range'],
])('from %p with %p the client is %p: %s', (peer, forwardedFor, client) => {
  expect(clientBehind(ours, peer, forwardedFor)).toBe(client)
})

test.each(['127.0.0.0/8', '0.0.0.0/0', '127.145.97.79'])(
  'an app is no proxy, also where %s is trusted',
  (trusted) => {
    const isTrusted = trustedProxies([trusted, '127.0.0.2'])
    for (const app of ['127.128.0.0', '127.145.97.79', '::ffff:127.145.97.79', '127.191.255.255']) {
      expect(isTrusted(app)).toBe(false)
      expect(clientBehind(isTrusted, '127.0.0.2', `198.51.100.1, ${app}`)).toBe(app.replace('::ffff:', ''))
    }
  },
)

test('addresses beside those of apps can be trusted', () => {
  const isTrusted = trustedProxies(['127.0.0.0/8'])
  expect(['127.127.255.255', '127.192.0.0'].map(isTrusted)).toEqual([true, true])
})

test('without a setting nobody is believed', () => {
  expect(clientBehind(trustedProxies([]), '127.0.0.1', '198.51.100.1')).toBe('127.0.0.1')
})

test.each([
  [['127.0.0.1'], '198.51.100.1'],
  [['127.0.0.2'], '127.0.0.1'],
  [[], '127.0.0.1'],
])(
  'a micro behind a gateway that trusts %j is told %p, and never what the client wrote',
  async (trusted, told) => {
    await using upstream = await startRawUpstream()
    const micros = [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(upstream.port) }]
    await using gateway = await startTestGateway({ micros, trustedProxies: trusted })
    using client = await RawClient.connect(gateway.port)
    client.send(`GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-Forwarded-For: 6.6.6.6, 198.51.100.1\r\n\r\n`)
    await client.untilReceived('ok')
    expect(upstream.heads[0]!.match(/^X-Forwarded-For: .*$/gim)).toEqual([`X-Forwarded-For: ${told}`])
  },
)

test('a proxy that is trusted brings more connections than one client may have, within the bound of all', async () => {
  const limits = { connectionsPerClient: 1, connections: 3 }
  await using app = await startOpenApp(undefined, { limits, trustedProxies: ['127.0.0.1'] })
  for (const client of [app.client, await app.connect(), await app.connect()]) {
    client.send(requestHead('GET /'))
    await client.untilReceived('ok')
  }
  const fourth = await app.connect()
  await fourth.until(({ isClosed }) => isClosed)
})
