/** Real self-signed certificates for tests, made by openssl. */
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { CertificateFiles } from '../certificate.ts'

export interface CertificateOptions {
  /** Folder of the two files. */
  readonly folder: string
  /** Name of the files: `home` writes `home.crt` and `home.key`, replacing existing ones. */
  readonly file: string
  /** Host names and addresses; the first is also the subject. */
  readonly names: readonly string[]
  readonly days?: number
  /** Names the address of its authority's certificate, as public certificates do. */
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
