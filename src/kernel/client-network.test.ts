import { describe, expect, test } from 'bun:test'
import { clientAddress, clientNetwork, compareNetworks } from './client-network.ts'

describe('every spelling of one address is that address', () => {
  test.each([
    '198.51.100.7',
    ' 198.51.100.7\t',
    '198.51.100.7:1234',
    '"198.51.100.7"',
    '"198.51.100.7:1234"',
    '198.51.100.007',
    '0198.051.0100.0000007',
    '::ffff:198.51.100.7',
    '::FFFF:198.51.100.7',
    '::ffff:c633:6407',
    '0:0:0:0:0:ffff:198.51.100.7',
    '[::ffff:198.51.100.7]:443',
    '"[::ffff:198.51.100.7%eth0]:443"',
    '64:ff9b::198.51.100.7',
    '64:ff9b::c633:6407',
  ])('%j is 198.51.100.7', (spelling) => {
    expect(clientAddress(spelling)).toBe('198.51.100.7')
    expect(clientNetwork(spelling)).toBe('198.51.100.7')
  })

  test.each([
    '2001:db8::1',
    '2001:DB8::1',
    '2001:0db8:0000:0000:0000:0000:0000:0001',
    '2001:db8:0:0:0:0:0.0.0.1',
    '[2001:db8::1]',
    '[2001:db8::1]:80',
    '"[2001:db8::1]:80"',
    '2001:db8::1%eth0',
    '[2001:db8::1%25eth0]:80',
  ])('%j is 2001:db8::1', (spelling) => {
    expect(clientAddress(spelling)).toBe('2001:db8::1')
    expect(clientNetwork(spelling)).toBe('2001:db8:0:0')
  })
})

test.each([
  '',
  ' ',
  'unknown',
  '_hidden',
  'no address',
  '1.2.3',
  '1.2.3.256',
  '0x7f.0.0.1',
  '1.2.3.4:port',
  '1.2.3.4:123456',
  '[1.2.3.4',
  '2001:db8::1::2',
  '[2001:db8::1]x',
  '%eth0',
  '"',
  `2001:db8::1%${'x'.repeat(100)}`,
])('%p is no address', (text) => {
  expect(clientAddress(text)).toBe(null)
  expect(clientNetwork(text)).toBe(text)
})

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:0001:0002::', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:db8::2', '2001:db8:0:0'],
  ['2001:db8:0:1::1', '2001:db8:0:1'],
  ['2001:db8:1::2:3:4:5', '2001:db8:1:0'],
  ['::1', '0:0:0:0'],
  ['::', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('%j is of the network %j', (address, network) => {
  expect(clientNetwork(address)).toBe(network)
})

test.each([
  ['192.0.2.7', '::ffff:192.0.2.7', 'same'],
  ['192.0.2.7', '192.0.2.8', 'other'],
  ['2001:db8::1', '2001:db8::2', 'same'],
  ['2001:db8::1', '2001:db8:0:1::1', 'other'],
  ['192.0.2.7', '2001:db8::1', 'unknown'],
  ['127.0.0.1', '127.0.0.1', 'unknown'],
  ['127.0.0.1', '::1', 'unknown'],
  ['127.0.0.1', '192.0.2.7', 'other'],
  ['unknown', 'unknown', 'unknown'],
])('%j and %j: %s', (one, other, verdict) => {
  expect(compareNetworks(one, other)).toBe(verdict as 'same')
})

test('addresses at random keep their network, however they are written', () => {
  const group = () => Math.floor(Math.random() * 3) * Math.floor(Math.random() * 0x5555)
  for (let round = 0; round < 2_000; round++) {
    const groups = ['2001', ...Array.from({ length: 7 }, () => group().toString(16))]
    const long = groups.map((part) => part.padStart(4, '0').toUpperCase()).join(':')
    const short = new URL(`http://[${long}]`).hostname
    expect(clientNetwork(long)).toBe(groups.slice(0, 4).join(':'))
    expect(clientNetwork(`"${short}:8080"`)).toBe(clientNetwork(long))
  }
})
