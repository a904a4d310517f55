import { lstatSync } from 'node:fs'
import type { TrustFiles } from '../../data-door.ts'
import type { Mount } from './bwrap-args.ts'

/** Where programs look that ignore the variables, on Debian, Alpine and Arch. */
const SYSTEM_BUNDLE = '/etc/ssl/certs/ca-certificates.crt'
/** Inside. Not in a folder of the host: there no file could be added. */
const EXTRA = '/etc/ssl/ownspace-authority.pem'
const BUNDLE = '/etc/ssl/ownspace-bundle.pem'

/** The certificate authorities inside a sandbox. */
export const trustMounts = ({ extra, bundle }: TrustFiles): Mount[] =>
  [
    [extra, EXTRA] as const,
    [bundle, BUNDLE] as const,
    ...(isPlainFile(SYSTEM_BUNDLE) ? [[bundle, SYSTEM_BUNDLE] as const] : []),
  ].map(([source, target]) => ({ source, target, writable: false }))

/**
 * Variables by which programs find them, and those by which the Go SDK finds Base and Drive. Not `DETA_BASE_HOST` and
 * `DETA_DRIVE_HOST`: versions of the SDKs read them differently, and reach the right place without them (CLIENTS, 4).
 */
export const TRUST_ENVIRONMENT = {
  /** Node and Bun. */
  NODE_EXTRA_CA_CERTS: EXTRA,
  DENO_CERT: EXTRA,
  /** OpenSSL: Python, Ruby, PHP; also Go. */
  SSL_CERT_FILE: BUNDLE,
  /** Python's requests, which has authorities of its own. */
  REQUESTS_CA_BUNDLE: BUNDLE,
  CURL_CA_BUNDLE: BUNDLE,
  DETA_BASE_ROOT_ENDPOINT: 'https://database.deta.sh/v1',
  DETA_DRIVE_ROOT_ENDPOINT: 'https://drive.deta.sh/v1',
} as const

const isPlainFile = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false
