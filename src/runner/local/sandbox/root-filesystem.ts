import { lstatSync, readlinkSync } from 'node:fs'
import type { RootEntry } from './bwrap-args.ts'

/** Programs and libraries. On systems with a merged /usr, most of these are links. */
const PROGRAM_DIRS = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/nix/store',
  '/gnu/store',
]

/**
 * The entries of /etc that programs need to find libraries, certificates, time zone and file types. Not all of /etc/ssl
 * (private keys), not passwd, hosts or resolv.conf (see `etc-files.ts`), and no file that may contain an operator's secret.
 */
const ETC = [
  'alternatives',
  'ca-certificates',
  'ca-certificates.conf',
  'crypto-policies',
  'fonts',
  'gai.conf',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'os-release',
  'pki/ca-trust',
  'pki/tls/cert.pem',
  'pki/tls/certs',
  'protocols',
  'python3',
  'services',
  'ssl/cert.pem',
  'ssl/certs',
  'ssl/openssl.cnf',
  'timezone',
].map((name) => `/etc/${name}`)

/** The entries of this machine's root that a sandbox shows. Reads the file system; call it once. */
export function readRootFilesystem(): RootEntry[] {
  return [
    ...PROGRAM_DIRS.flatMap((path) => entryOf(path) ?? []),
    // A link in /etc is mounted as its target, which may not exist inside the sandbox.
    ...ETC.filter((path) => entryOf(path) !== null).map((path) => ({ kind: 'bind' as const, path })),
  ]
}

function entryOf(path: string): RootEntry | null {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (!found) return null
  return found.isSymbolicLink()
    ? { kind: 'symlink', target: readlinkSync(path), path }
    : { kind: 'bind', path }
}
