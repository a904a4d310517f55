import { describe, expect, test } from 'bun:test'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { inside } from '../../testing/inside.ts'
import { SEND_EVERYWHERE } from '../../testing/send-everywhere.ts'
import { openSandboxHarness, sandboxOrSkip } from '../../testing/sandbox-harness.ts'
import { type Reach, closedAddresses } from './closed-addresses.ts'
import { DNS_ADDRESS } from './etc-files.ts'

const sandbox = (await sandboxOrSkip())!

/** A service of the host on all its addresses, by TCP and UDP, that records its clients. */
async function openService() {
  const arrivals: string[] = []
  const server = createServer((socket) => {
    arrivals.push(`tcp ${socket.localAddress}`)
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, '::', resolve))
  const { port } = server.address() as AddressInfo
  const socket = createSocket('udp6', (_, { address }) => void arrivals.push(`udp from ${address}`))
  await new Promise<void>((resolve) => socket.bind(port, '::', resolve))
  return {
    port,
    arrivals,
    [Symbol.dispose]: () => {
      server.close()
      socket.close()
    },
  }
}

/** One line for each packet that left. */
async function sendFrom(reach: Reach, port: number, addresses: readonly string[]): Promise<string[]> {
  using harness = openSandboxHarness()
  const { stdout, stderr } = await inside(sandbox, {
    dir: harness.folder('app', { 'send.pl': SEND_EVERYWHERE }),
    reach,
    script: `perl send.pl ${port} ${addresses.join(' ')}`,
  })
  expect(stderr).toBe('')
  const lines = stdout.split('\n')
  expect(lines.pop()).toBe('done')
  return lines
}

const ownAddresses = Object.values(networkInterfaces()).flatMap(
  (at) => at?.filter(({ internal }) => !internal) ?? [],
)
const device = Object.entries(networkInterfaces()).find(([, at]) =>
  at?.some(({ internal }) => !internal),
)?.[0]

const LOOPBACK = [
  '127.0.0.1',
  '127.0.0.53',
  '127.255.255.254',
  '0.0.0.0',
  '0.0.0.1',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:0.0.0.0',
  '::ffff:0:127.0.0.1',
]
const LINK = ['169.254.169.254', '169.254.1.2', `fe80::1%${device}`, '::ffff:169.254.169.254']
const METADATA = ['100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254']
const PRIVATE = [
  '10.255.255.53',
  '172.17.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '::ffff:10.0.0.1',
  'fc00::1',
  'fd00::1',
  'fec0::1',
]
const RESERVED = [
  '192.0.0.8',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '240.0.0.1',
  '100::1',
  '2001:db8::1',
]
const GROUPS = ['224.0.0.251', '239.255.255.250', '255.255.255.255', `ff02::fb%${device}`, 'ff0e::1']

const hex = (ip: string) =>
  Buffer.from(ip.split('.').map(Number))
    .toString('hex')
    .replace(/^(....)/, '$1:')
/** Each as a translator or a tunnel of IPv6 writes it: NAT64 of either prefix, 6to4, Teredo (its client's address, inverted). */
const translated = (ips: readonly string[]) =>
  ips.flatMap((ip) => [
    `64:ff9b::${hex(ip)}`,
    `64:ff9b:1::${hex(ip)}`,
    `2002:${hex(ip)}::1`,
    `2001:0:${hex(ip)}::${hex(
      ip
        .split('.')
        .map((octet) => 255 - Number(octet))
        .join('.'),
    )}`,
  ])

// Side by side: each has a sandbox of its own, in which the kernel tries for seconds to connect.
describe.skipIf(!sandbox?.host.nft)('no packet leaves', () => {
  const HOSTS = ['127.0.0.1', '0.0.0.0', '169.254.169.254', '100.100.100.200']

  test.concurrent(
    'to loopback, links or a metadata service when the network around the machine is open',
    async () => {
      using service = await openService()
      const addresses = [...LOOPBACK, ...LINK, ...METADATA, ...translated(HOSTS)]
      const lines = await sendFrom('lan', service.port, addresses)
      // The kernel's own multicasts are allowed here.
      expect(lines.filter((line) => !/^\d+ packets by/.test(line))).toEqual([])
      expect(service.arrivals).toEqual([])
    },
  )

  test.concurrent('to loopback, links or a metadata service when it is closed', async () => {
    using service = await openService()
    const lines = await sendFrom('public', service.port, [...LOOPBACK, ...LINK, ...METADATA])
    expect(lines).toEqual([])
    expect(service.arrivals).toEqual([])
  })

  test.concurrent('to private and reserved addresses, or to multicast and broadcast', async () => {
    const lines = await sendFrom('public', 9, [...PRIVATE, ...RESERVED, ...GROUPS])
    expect(lines).toEqual([])
  })

  test.concurrent('to any of them through a translator or a tunnel', async () => {
    const ips = [
      ...HOSTS,
      '10.0.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.127.0.1',
      '224.0.0.1',
      '240.0.0.1',
    ]
    expect(await sendFrom('public', 9, translated(ips))).toEqual([])
  })

  test.concurrent.each(['public', 'lan'] as const)("to this machine's own addresses (%s)", async (reach) => {
    using service = await openService()
    const own = ownAddresses.map(({ address, family, scopeid }) =>
      family === 'IPv6' && scopeid ? `${address}%${device}` : address,
    )
    const lines = await sendFrom(reach, service.port, own)
    expect(lines.filter((line) => !/^\d+ packets by/.test(line))).toEqual([])
    expect(service.arrivals).toEqual([])
  })

  test.concurrent('except name lookups, by the same program', async () => {
    const lines = await sendFrom('public', 53, [DNS_ADDRESS])
    expect(lines.filter((line) => line.startsWith('udp-'))).toHaveLength(7)
    expect(lines.filter((line) => line.startsWith('tcp-'))).toHaveLength(sandbox.host.dnsOverTcp ? 4 : 0)
    expect(lines.at(-1)).toMatch(/^\d+ packets by/)
  })
})

test('the public internet is open, also behind a translator', () => {
  const { v4, v6 } = closedAddresses('public', [])
  expect(v4.some((range) => range.startsWith('192.0.3') || range.startsWith('8.'))).toBe(false)
  expect(v6.filter((range) => range.startsWith('64:ff9b::'))).toHaveLength(v4.length)
  expect(v6).not.toContain('64:ff9b::/96')
})

test.each([
  ['2001:db8:1:2::7/64', true],
  ['2001:db8:1:2::7/128', true],
  ['2001:db8::7/32', false],
])('of %s the whole network is closed: %p', (cidr, isClosed) => {
  const own = [{ address: cidr.split('/')[0]!, cidr }]
  expect(closedAddresses('public', own).v6.includes(cidr)).toBe(isClosed)
  expect(closedAddresses('lan', own).v6).toContain(`${own[0]!.address}/128`)
})
