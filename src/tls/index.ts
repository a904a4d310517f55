/**
 * Certificates: read from PEM files, checked, chosen by the requested host name, and reloaded when their files change.
 * Owns all messages about certificates. Never listens on a port, and never reveals anything about a key. Start reading at
 * `open-certificates.ts`.
 */
export { CertificateError, isValidAt, readCertificate } from './certificate.ts'
export type { Certificate, CertificateFiles } from './certificate.ts'
export { isCovered } from './certificate-book.ts'
export type { CertificateBook } from './certificate-book.ts'
export { certificateWarnings, daysLeft } from './certificate-warnings.ts'
export { hstsFor } from './hsts.ts'
export { OpenCertificates } from './open-certificates.ts'
export { ensureLocalAuthority, leafFilesOf, type LocalAuthority } from './local-authority/local-authority.ts'
