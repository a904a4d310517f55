import type { SecureContext } from 'node:tls'
import type { Certificate } from './certificate.ts'

/** Which of several certificates speaks for a name. */
export interface CertificateBook {
  /** Of the first certificate. */
  readonly fallback: SecureContext
  /**
   * For a name as a client asks for it: the certificate that has this very name, else one that has it with a `*` for
   * its first label, else the first. A client that gets the first for a name of somebody else refuses it by itself,
   * and shows whose it is.
   */
  choose(serverName: string): SecureContext
}

/** `certificates`: at least one; of two with the same name, the earlier counts. */
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

/** `a.example.org` is meant by `*.example.org`, and `b.a.example.org` is not (RFC 9525, 6.3). */
const wildcardFor = (name: string): string => `*${name.slice(Math.max(name.indexOf('.'), 0))}`

/** Whether one of the certificates speaks for the name; for `*.example.org`: for every name of that shape. */
export const isCovered = (certificates: readonly Certificate[], name: string): boolean =>
  certificates.some(({ names }) => names.includes(name) || names.includes(wildcardFor(name)))
