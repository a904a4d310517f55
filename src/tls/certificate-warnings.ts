import type { Certificate } from './certificate.ts'
import { isCovered } from './certificate-book.ts'

const DAY_MS = 86_400_000

/** Whole days that are left; negative when it has ended. */
export const daysLeft = ({ validToMs }: Certificate, nowMs: number): number =>
  Math.floor((validToMs - nowMs) / DAY_MS)

/**
 * What the operator should know about certificates that work as such, one sentence or two each. Certbot renews after
 * two thirds of a certificate's time; when only a sixth is left, that has failed.
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
      : [`No certificate is for ${domain}: browsers will refuse Home. Have one made for it.`]),
    ...(isCovered(certificates, `*.${domain}`)
      ? []
      : [
          `No certificate is for *.${domain}: browsers will refuse every app that has none for its own name.\nHave a wildcard made, or add one for each app: --tls-cert and --tls-key take several files`,
        ]),
  ]
}

function warningsOf(certificate: Certificate, nowMs: number): string[] {
  const { files, validFromMs, validToMs } = certificate
  const what = `The certificate ${files.certFile}`
  if (nowMs > validToMs)
    return [
      `${what} ended on ${dateOf(validToMs)}: browsers refuse it. Renew it; it is read again by itself.`,
    ]
  if (nowMs < validFromMs)
    return [`${what} begins on ${dateOf(validFromMs)}: browsers refuse it until then. Is the clock right?`]
  if (validToMs - nowMs < (validToMs - validFromMs) / 6)
    return [
      `${what} ends on ${dateOf(validToMs)} and should have been renewed by now. Look at what renews it.`,
    ]
  return []
}

const chainWarning = ({ files }: Certificate): string =>
  `${files.certFile} holds the server's certificate without its intermediates: many programs will refuse it. Certbot calls the whole chain fullchain.pem.`

const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
