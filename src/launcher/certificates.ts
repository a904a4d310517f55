import type { ServerConfig } from '../config/index.ts'
import { certificateWarnings, readCertificate } from '../tls/index.ts'

/**
 * Reads every certificate that gateways will use, and returns warnings about them for the operator. Throws
 * CertificateError when one cannot be used.
 */
export const checkCertificates = ({ tls, domain }: Pick<ServerConfig, 'tls' | 'domain'>): string[] =>
  tls === null ? [] : certificateWarnings(tls.files.map(readCertificate), domain, Date.now())
