import type { SecureContext } from 'node:tls'
import type { Certificate } from './certificate.ts'

/** Selects one of several certificates by host name. */
export interface CertificateBook {
  /** Context of the first certificate. */
  readonly fallback: SecureContext
  /**
   * For a requested name: the certificate with exactly this name, else one with `*` for its first label, else the first
   * one. A client that gets the first certificate for another name rejects it, and shows its user whose it is.
   */
  choose(serverName: string): SecureContext
}

/** `certificates`: at least one; of two with the same name, the first one is used. */
export function createBook(certificates: readonly Certificate[]): CertificateBook {
  const fallback = certificates[0]!.context
  const byName = new Map<string, SecureContext>()
  for (const { names, context } of certificates.toReversed())
    for (const name of names) byName.set(name, context)
  return {
    fallback,
    choose(serverName) {
      const name = serverName.toLowerCase()
      return byName.get(name) ?? byName.get(wildcardFor(name)) ?? fallback
    },
  }
}

/** `*.example.org` matches `a.example.org`, but not `b.a.example.org` (RFC 9525, 6.3). */
const wildcardFor = (name: string): string => `*${name.slice(Math.max(name.indexOf('.'), 0))}`

/** Whether a certificate covers the name; for `*.example.org`: all names of that form. */
export const isCovered = (certificates: readonly Certificate[], name: string): boolean =>
  certificates.some(({ names }) => names.includes(name) || names.includes(wildcardFor(name)))
