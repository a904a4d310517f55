import { isIPv6 } from 'node:net'

/**
 * What one client can come from: an IPv4 address, or an IPv6 network of 64 bits, of which anybody is given one whole.
 * For text that is no address, the text.
 */
export function clientNetwork(address: string): string {
  const [bare = ''] = address.split('%')
  if (!isIPv6(bare)) return address
  const [head = '', tail] = bare.toLowerCase().split('::')
  const before = groups(head)
  // The blank stands for as many zeros as are missing; an IPv4 address at the end is two groups.
  const zeros =
    tail === undefined ? 0 : 8 - before.length - groups(tail).length - (tail.includes('.') ? 1 : 0)
  const between = '0:'.repeat(Math.max(0, zeros)).split(':').slice(0, -1)
  return [...before, ...between, ...groups(tail ?? '')]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
