/**
 * Certificates: read from PEM files, checked, chosen by the name that a client asks for, and read again when they
 * change. Owns what is told to the operator about them. Never listens, and never says what is in a key.
 */
export { CertificateError, isValidAt, readCertificate } from './certificate.ts'
export type { Certificate, CertificateFiles } from './certificate.ts'
export { isCovered } from './certificate-book.ts'
export type { CertificateBook } from './certificate-book.ts'
export { certificateWarnings, daysLeft } from './certificate-warnings.ts'
export { hstsFor } from './hsts.ts'
export { OpenCertificates } from './open-certificates.ts'
