import { lstatSync, readlinkSync } from 'node:fs'
import type { RootEntry } from './bwrap-args.ts'

/** Programs and libraries. On merged-/usr systems most of these are links. */
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
 * Of /etc only what programs need to find libraries, certificates, time zone and file types. Not /etc/ssl whole
 * (private keys), not passwd, hosts, resolv.conf (stubs), and nothing an operator may have put a secret in.
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

/** What a sandbox shows of this machine's own root. Reads the file system; call it once. */
export function readHostRoot(): RootEntry[] {
  return [
    ...PROGRAM_DIRS.flatMap((path) => entryOf(path) ?? []),
    // A link of /etc is bound as what it points to: its target may lie where the sandbox has nothing.
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
