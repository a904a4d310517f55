import { isLocalName } from '../config/index.ts'

/**
 * Sent with the server's own responses where the gateway ends TLS: browsers then use https only for that host (RFC 6797).
 * A month, renewed by each visit, and for this host alone, so that a return to http locks people out for a month at most.
 * Never for `localhost`, where browsers would refuse http on every port.
 */
export function hstsFor(hostname: string): readonly (readonly [name: string, value: string])[] {
  return isLocalName(hostname) ? [] : [['Strict-Transport-Security', 'max-age=2592000']]
}
