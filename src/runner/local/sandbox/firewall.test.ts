import { expect, test } from 'bun:test'
import { firewallRules } from './firewall.ts'

const FACTS = { own: [], dnsOverTcp: false }

const closed = (rules: string) =>
  [...rules.matchAll(/elements = \{ ([^}]+) \}/g)].flatMap((found) => found[1]!.split(', '))

test('the metadata service of a cloud is always closed', () => {
  for (const reach of ['public', 'lan'] as const)
    expect(closed(firewallRules(reach, FACTS))).toEqual(
      expect.arrayContaining(['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128']),
    )
})

test('private ranges are closed unless they are opened', () => {
  const ranges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']
  expect(closed(firewallRules('public', FACTS))).toEqual(expect.arrayContaining(ranges))
  expect(closed(firewallRules('lan', FACTS)).filter((range) => ranges.includes(range))).toEqual([])
})

test("this machine's own addresses are always closed", () => {
  const own = ['192.0.2.7', '2001:db8::7'].map((address) => ({ address, cidr: null }))
  for (const reach of ['public', 'lan'] as const)
    expect(closed(firewallRules(reach, { ...FACTS, own }))).toEqual(
      expect.arrayContaining(['192.0.2.7/32', '2001:db8::7/128']),
    )
})

test('name lookups and neighbour discovery are accepted before the reject rules', () => {
  const rules = firewallRules('public', FACTS).split('\n')
  const at = (text: string) => rules.findIndex((rule) => rule.includes(text))
  expect([at('oif lo accept'), at('udp th dport 53 accept'), at('nd-neighbor-solicit')]).not.toContain(-1)
  expect(Math.max(at('oif lo accept'), at('nd-neighbor-solicit'))).toBeLessThan(at('reject'))
})

test('lookups over TCP are accepted where pasta forwards them', () => {
  expect(firewallRules('public', { ...FACTS, dnsOverTcp: true })).toContain('{ udp, tcp } th dport 53 accept')
  expect(firewallRules('public', FACTS)).not.toContain('tcp')
})
