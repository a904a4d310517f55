import { BlockList, isIP } from 'node:net'
import { clientAddress, isInstanceAddress } from '../../kernel/client-network.ts'

/** Whether an address is that of a proxy which the operator put in front of us, and whose word is taken. */
export type IsTrustedProxy = (address: string) => boolean

/**
 * `networks`: addresses and CIDR ranges, checked when the settings were read. None: no address is trusted. Those of
 * instances never are: behind a proxy on this machine an app's own calls come from one, with a header that the app wrote.
 */
export function trustedProxies(networks: readonly string[]): IsTrustedProxy {
  if (networks.length === 0) return () => false
  const list = new BlockList()
  for (const network of networks) {
    const [written = '', bits] = network.split('/')
    const address = bits === undefined ? (clientAddress(written) ?? written) : written
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return (text) => {
    const address = clientAddress(text)
    if (address === null || isInstanceAddress(address)) return false
    return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
}

/**
 * The address of the client behind trusted proxies: in `X-Forwarded-For`, which each proxy lengthens at its end, the
 * last one that is no proxy of ours, in canonical form. What comes before was written by the client. Where an entry is no
 * address, the proxy that passed it on counts as the client.
 */
export function clientBehind(isTrusted: IsTrustedProxy, peer: string, forwardedFor: string | null): string {
  if (forwardedFor === null || !isTrusted(peer)) return peer
  let client = peer
  for (const entry of forwardedFor.split(',').toReversed()) {
    const address = clientAddress(entry)
    if (address === null) return client
    client = address
    if (!isTrusted(address)) return client
  }
  return client
}
