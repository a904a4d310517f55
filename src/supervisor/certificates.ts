import type { ServerConfig } from '../config/index.ts'
import { type Certificate, certificateWarnings, readCertificate } from '../tls/index.ts'

/** Reads every certificate that gateways are going to read. None without TLS. Throws CertificateError. */
export const readCertificates = ({ tls }: Pick<ServerConfig, 'tls'>): Certificate[] =>
  (tls?.files ?? []).map(readCertificate)

/** What the operator should know about the certificates; throws CertificateError when one cannot be used. */
export function checkCertificates(config: Pick<ServerConfig, 'tls' | 'domain'>): string[] {
  const certificates = readCertificates(config)
  return certificates.length === 0 ? [] : certificateWarnings(certificates, config.domain, Date.now())
}
