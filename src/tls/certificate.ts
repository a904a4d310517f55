import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, type SecureContext } from 'node:tls'

/** Two PEM files: the certificate with those that link it to a well-known authority, and its private key. */
export interface CertificateFiles {
  readonly certFile: string
  readonly keyFile: string
}

export interface Certificate {
  readonly files: CertificateFiles
  /** Host names that it speaks for, lower-case; `*.example.org` stands for one label. */
  readonly names: readonly string[]
  readonly validFromMs: number
  readonly validToMs: number
  /** It comes alone, though its authority has made others that link it to a well-known one. */
  readonly isChainMissing: boolean
  /** Ready for handshakes. */
  readonly context: SecureContext
}

/** Whether its time has begun and not ended: browsers refuse it otherwise. */
export const isValidAt = ({ validFromMs, validToMs }: Certificate, nowMs: number): boolean =>
  validFromMs <= nowMs && nowMs <= validToMs

/** A certificate cannot be used; the message names the file, says why, and what to do. Never what is in it. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError'
}

/**
 * For TLS 1.2, which has no others with forward secrecy and authenticated encryption (RFC 9325, 4.2); those of 1.3 are
 * all good. In the order of their cost on common processors.
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
      `The key ${keyFile} does not belong to the certificate ${certFile}.\nName the two files that were made together, in the same order: --tls-cert and --tls-key`,
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
        ? 'Let the user that runs Ownspace read it, or give that user a copy of its own'
        : `Name the PEM file itself: ${flag} <file>`
    throw new CertificateError(`The ${what} ${file} ${whyUnread(code)}.\n${remedy}`, { cause })
  }
}

function whyUnread(code: string | undefined): string {
  switch (code) {
    case 'ENOENT':
      return 'is not there'
    case 'EACCES':
      return 'may not be read by this user'
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
      ? 'It is a private key: have --tls-cert and --tls-key changed places?'
      : 'Certbot calls the right file fullchain.pem: --tls-cert <file>'
    throw new CertificateError(`${file} holds no certificate in PEM.\n${remedy}`, { cause })
  }
}

function parseKey(file: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    const remedy = pem.includes('ENCRYPTED')
      ? `It wants a passphrase, which nobody could type at a restart. Write it without one: openssl pkey -in ${file} -out <file>`
      : 'Certbot calls the right file privkey.pem: --tls-key <file>'
    throw new CertificateError(`${file} holds no private key in PEM that can be opened.\n${remedy}`, {
      cause,
    })
  }
}

/** Common names are not looked at: no browser does (RFC 9525, 6.2). */
const dnsNames = ({ subjectAltName }: X509Certificate): string[] =>
  [...(subjectAltName ?? '').matchAll(/(?:^|, )DNS:([^\s,"]+)/g)].map(([, name]) => name!.toLowerCase())

/** Public authorities say where the next certificate can be had (RFC 5280, 4.2.2.1); those of one's own do not. */
const hasIssuerAddress = ({ infoAccess }: X509Certificate): boolean =>
  infoAccess?.includes('CA Issuers') === true

function createContext(file: string, cert: string, key: string): SecureContext {
  try {
    return createSecureContext({ cert, key, minVersion: 'TLSv1.2', ciphers: CIPHERS })
  } catch (cause) {
    throw new CertificateError(
      `The certificate ${file} cannot be used: ${(cause as Error).message}.\nHave it made anew, with a key of ECDSA P-256 or RSA of 2,048 bits or more`,
      { cause },
    )
  }
}
