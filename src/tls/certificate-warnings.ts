import type { Certificate } from './certificate.ts'
import { isCovered } from './certificate-book.ts'

const DAY_MS = 86_400_000

/** Whole days until the certificate expires; negative if it has expired. */
export const daysLeft = ({ validToMs }: Certificate, nowMs: number): number =>
  Math.floor((validToMs - nowMs) / DAY_MS)

/**
 * Warnings for the operator about usable certificates, one or two sentences each. Certbot renews after two thirds of a
 * certificate's lifetime; when only a sixth is left, the renewal has failed.
 */
export function certificateWarnings(
  certificates: readonly Certificate[],
  domain: string,
  nowMs: number,
): string[] {
  return [
    ...certificates.flatMap((certificate) => warningsOf(certificate, nowMs)),
    ...certificates.filter(({ isChainMissing }) => isChainMissing).map(chainWarning),
    ...(isCovered(certificates, domain)
      ? []
      : [`No certificate covers ${domain}: browsers will reject Home. Request one for this name.`]),
    ...(isCovered(certificates, `*.${domain}`)
      ? []
      : [
          `No certificate covers *.${domain}: browsers will reject every app without a certificate of its own.\nRequest a wildcard certificate, or pass one per app: --tls-cert and --tls-key accept several files`,
        ]),
  ]
}

function warningsOf(certificate: Certificate, nowMs: number): string[] {
  const { files, validFromMs, validToMs } = certificate
  const what = `The certificate ${files.certFile}`
  if (nowMs > validToMs)
    return [
      `${what} expired on ${dateOf(validToMs)}: browsers reject it. Renew it; the server loads the new files without a restart.`,
    ]
  if (nowMs < validFromMs)
    return [
      `${what} is not valid before ${dateOf(validFromMs)}: browsers reject it until then. Check the clock of this machine.`,
    ]
  if (validToMs - nowMs < (validToMs - validFromMs) / 6)
    return [
      `${what} expires on ${dateOf(validToMs)} and should have been renewed by now. Check its automatic renewal.`,
    ]
  return []
}

const chainWarning = ({ files }: Certificate): string =>
  `${files.certFile} contains the server's certificate without its intermediates: many clients will reject it. With certbot, use fullchain.pem.`

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
