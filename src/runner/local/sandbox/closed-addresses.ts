/** What a sandbox may reach: only the internet, or also the local network. */
export type Reach = 'public' | 'lan'

/**
 * Closed to every sandbox, on every interface but its own loopback. pasta connects to any address it receives, so a
 * packet to 127.0.0.1 or 0.0.0.0 that leaves by another interface would reach the loopback of this machine. Also
 * link-local addresses, and the metadata addresses from which a machine in a cloud reads its secrets.
 */
const ALWAYS_4 = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
]

const ALWAYS_6 = [
  // Unspecified, loopback and, with the next two, IPv4 written as IPv6 (RFC 4291, 2.5.5; RFC 2765).
  '::/96',
  '::ffff:0:0/96',
  '::ffff:0:0:0/96',
  // Tunnels and local translators to any IPv4 address: Teredo, 6to4, local-use NAT64 (RFC 4380, 3056, 8215).
  '2001::/32',
  '2002::/16',
  '64:ff9b:1::/48',
  'fe80::/10',
  'fd00:ec2::254/128',
  'fd20:ce::254/128',
]

/**
 * Closed unless the operator opens the local network: private, shared and reserved ranges (RFC 6890), multicast and
 * broadcast.
 */
const LAN_4 = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]
const LAN_6 = [
  '100::/64',
  '2001:2::/48',
  '2001:db8::/32',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fec0::/10',
  'ff00::/8',
]

/** An address of this machine, as in `os.networkInterfaces`. */
export interface OwnAddress {
  readonly address: string
  /** With the prefix length of its network. */
  readonly cidr: string | null
}

export interface ClosedAddresses {
  readonly v4: readonly string[]
  readonly v6: readonly string[]
}

/** Ranges to which a sandbox may not send packets, as prefixes. Pure. */
export function closedAddresses(reach: Reach, own: readonly OwnAddress[]): ClosedAddresses {
  const isPublic = reach === 'public'
  const ownAddresses = own.map(({ address }) => address)
  const v4 = [...ALWAYS_4, ...(isPublic ? LAN_4 : []), ...ownAddresses.filter(isV4).map((ip) => `${ip}/32`)]
  const v6 = [
    ...ALWAYS_6,
    ...(isPublic ? [...LAN_6, ...own.flatMap(neighbours)] : []),
    ...ownAddresses.filter((ip) => !isV4(ip)).map((ip) => `${ip}/128`),
  ]
  return { v4, v6: [...v6, ...v4.map(throughNat64)] }
}

const isV4 = (address: string): boolean => !address.includes(':')

/**
 * In IPv6 the machines of the local network have public addresses, and this machine may add new ones at any time
 * (RFC 8981), so the whole prefix is closed.
 */
const neighbours = ({ cidr }: OwnAddress): string[] =>
  cidr?.includes(':') && Number(cidr.split('/')[1]) >= 48 ? [cidr] : []

/** The same range behind the well-known NAT64 prefix (RFC 6052). */
function throughNat64(range: string): string {
  const [ip, length] = range.split('/')
  const [a, b, c, d] = ip!.split('.').map(Number) as [number, number, number, number]
  const groups = [a * 256 + b, c * 256 + d].map((group) => group.toString(16))
  return `64:ff9b::${groups.join(':')}/${96 + Number(length)}`
}
