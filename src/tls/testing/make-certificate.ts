/** Real certificates for tests, made by openssl and signed by themselves. */
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { CertificateFiles } from '../certificate.ts'

export interface CertificateOptions {
  /** Where the two files are written. */
  readonly folder: string
  /** Of the files: `home` makes `home.crt` and `home.key`, over those that are there. */
  readonly file: string
  /** Host names and addresses; the first is also the subject. */
  readonly names: readonly string[]
  readonly days?: number
  /** Says where the certificate of its authority can be had, as public ones do. */
  readonly hasIssuerAddress?: boolean
}

export function makeCertificate({
  folder,
  file,
  names,
  days = 90,
  hasIssuerAddress,
}: CertificateOptions): CertificateFiles {
  const files = { certFile: join(folder, `${file}.crt`), keyFile: join(folder, `${file}.key`) }
  const options = `-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days ${days} -subj /CN=${names[0]}`
  const made = Bun.spawnSync([
    'openssl',
    'req',
    '-x509',
    ...options.split(' '),
    '-keyout',
    files.keyFile,
    '-out',
    files.certFile,
    '-addext',
    `subjectAltName=${names.map((name) => `${isIP(name) ? 'IP' : 'DNS'}:${name}`).join(',')}`,
    ...(hasIssuerAddress ? ['-addext', 'authorityInfoAccess=caIssuers;URI:http://ca.test/'] : []),
  ])
  if (made.exitCode !== 0) throw new Error(`openssl made no certificate:\n${made.stderr.toString()}`)
  return files
}
