import type { UpstreamAddress } from '../../directory/index.ts'

/** A request to a micro where the host reaches it, on a connection of its own. */
export const fetchAt = (address: UpstreamAddress, init: RequestInit = {}): Promise<Response> =>
  'socket' in address
    ? fetch('http://micro/', { ...init, unix: address.socket, keepalive: false })
    : fetch(`http://${address.host}:${address.port}/`, { ...init, keepalive: false })
