import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'

/** Two PEM files: the certificate with its chain, and its private key. */
export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

export interface Certificate {
  readonly files: CertificateFiles
  /** Host names of the certificate, lower-case; in `*.example.org`, `*` stands for one label. */
  readonly names: readonly string[]
  readonly validFromMs: number
  readonly validToMs: number
  /** The intermediate certificates are missing from the file. */
  readonly isChainMissing: boolean
  /** Ready for handshakes. */
  readonly context: SecureContext
}

/** Whether the certificate is valid now; browsers reject it otherwise. */
export const isValidAt = ({ validFromMs, validToMs }: Certificate, nowMs: number): boolean =>
  validFromMs <= nowMs && nowMs <= validToMs

/** A certificate cannot be used. The message names the file, the reason and the next step, never the file's content. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
}

/**
 * For TLS 1.2: its ciphers with forward secrecy and authenticated encryption (RFC 9325, 4.2). All ciphers of TLS 1.3 are
 * safe. Ordered by their cost on common processors.
 */
const CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':')

/** Reads and checks both files. Throws CertificateError. */
export function readCertificate(files: CertificateFiles): Certificate {
  const { certFile, keyFile } = files
  const cert = readPem(certFile, 'certificate', '--tls-cert')
  const key = readPem(keyFile, 'key', '--tls-key')
  const x509 = parseCertificate(certFile, cert)
  if (!x509.checkPrivateKey(parseKey(keyFile, key)))
    throw new CertificateError(
      `The key ${keyFile} does not belong to the certificate ${certFile}.\nPass both files of one certificate, in the same order: --tls-cert and --tls-key`,
    )
  return {
    files,
    names: dnsNames(x509),
    validFromMs: Date.parse(x509.validFrom),
    validToMs: Date.parse(x509.validTo),
    isChainMissing: cert.split('-----BEGIN CERTIFICATE-----').length === 2 && hasIssuerAddress(x509),
    context: createContext(certFile, cert, key),
  }
}

function readPem(file: string, what: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const remedy =
      code === 'EACCES'
        ? 'Let the user that runs Ownspace read the file, or give that user a copy'
        : `Pass the PEM file: ${flag} <file>`
    throw new CertificateError(`The ${what} ${file} ${whyUnread(code)}.\n${remedy}`, { cause })
  }
}

function whyUnread(code: string | undefined): string {
  switch (code) {
    case 'ENOENT':
      return 'does not exist'
    case 'EACCES':
      return 'cannot be read by this user'
    case 'EISDIR':
      return 'is a folder'
    default:
      return `cannot be read (${code})`
  }
}

function parseCertificate(file: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch (cause) {
    const remedy = pem.includes('PRIVATE KEY-----')
      ? 'The file is a private key. Check whether --tls-cert and --tls-key are swapped'
      : 'With certbot, the file is fullchain.pem: --tls-cert <file>'
    throw new CertificateError(`${file} contains no certificate in PEM format.\n${remedy}`, { cause })
  }
}

function parseKey(file: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    const remedy = pem.includes('ENCRYPTED')
      ? `The key has a passphrase, which a restart could not enter. Remove it: openssl pkey -in ${file} -out <file>`
      : 'With certbot, the file is privkey.pem: --tls-key <file>'
    throw new CertificateError(`${file} contains no readable private key in PEM format.\n${remedy}`, {
      cause,
    })
  }
}

/** Common names are ignored, as in browsers (RFC 9525, 6.2). */
const dnsNames = ({ subjectAltName }: X509Certificate): string[] =>
  [...(subjectAltName ?? '').matchAll(/(?:^|, )DNS:([^\s,"]+)/g)].map(([, name]) => name!.toLowerCase())

/** Public authorities name the address of their own certificate (RFC 5280, 4.2.2.1); private ones do not. */
const hasIssuerAddress = ({ infoAccess }: X509Certificate): boolean =>
  infoAccess?.includes('CA Issuers') === true

function createContext(file: string, cert: string, key: string): SecureContext {
  try {
    return createSecureContext({ cert, key, minVersion: 'TLSv1.2', ciphers: CIPHERS })
  } catch (cause) {
    throw new CertificateError(
      `The certificate ${file} cannot be used: ${(cause as Error).message}.\nRequest a new certificate with an ECDSA P-256 key, or an RSA key of at least 2,048 bits`,
      { cause },
    )
  }
}
