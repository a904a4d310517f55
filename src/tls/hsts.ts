import { isLocalName } from '../config/index.ts'

/**
 * Sent with answers of our own where we end TLS: browsers then know no http for that host (RFC 6797). A month, renewed
 * by every visit, and for this host alone: who goes back to http locks people out for that long at most. Never for
 * `localhost`, on every port of which a browser would refuse http.
 */
export function hstsFor(hostname: string): readonly (readonly [name: string, value: string])[] {
  return isLocalName(hostname) ? [] : [['Strict-Transport-Security', 'max-age=2592000']]
}
