import { Resolver } from 'node:dns/promises'
import { DOMAIN_LIMITS } from './limits.ts'

export type TxtAnswer =
  /** The strings of all TXT records, each of 255 octets at most; empty when the name has none or does not exist. */
  | { readonly kind: 'records'; readonly values: readonly string[] }
  /** No name server gave an answer. */
  | { readonly kind: 'no-answer' }

export type TxtLookup = (name: string) => Promise<TxtAnswer>

export interface TxtLookupOptions {
  /** `192.0.2.53` or `[2001:db8::53]:5353`; empty: those of the system. */
  readonly servers: readonly string[]
  readonly timeoutMs?: number
}

/** Asks name servers for the TXT records of a name. Resolves within the timeout and never rejects. */
export function createTxtLookup({
  servers,
  timeoutMs = DOMAIN_LIMITS.lookupMs,
}: TxtLookupOptions): TxtLookup {
  return async (name) => {
    const resolver = new Resolver({ timeout: timeoutMs / 2, tries: 2 })
    if (servers.length > 0) resolver.setServers(servers)
    // The timeout above is per server and attempt.
    const timer = setTimeout(() => resolver.cancel(), timeoutMs)
    try {
      return { kind: 'records', values: (await resolver.resolveTxt(name)).flat() }
    } catch (error) {
      return isAbsence(error) ? { kind: 'records', values: [] } : { kind: 'no-answer' }
    } finally {
      clearTimeout(timer)
    }
  }
}

/** NXDOMAIN, and a name that has records of other types only. */
const isAbsence = (error: unknown): boolean =>
  ['ENOTFOUND', 'ENODATA'].includes((error as { code?: string }).code?.replace(/^DNS_/, '') ?? '')
