import { X509Certificate, createPrivateKey } from 'node:crypto'
import { chmod, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDurably } from '../../kernel/durable.ts'
import type { CertificateFiles } from '../certificate.ts'
import type { Issued } from './issue.ts'

export interface LocalAuthorityOptions {
  /** Created with mode 0700. */
  readonly folder: string
  /** Of the leaf; `*.example.org` stands for one label. */
  readonly names: readonly string[]
  /** Wall clock. */
  readonly now: () => number
}

export interface LocalAuthority {
  /** PEM; what clients have to trust. */
  readonly root: string
}

const DAY_MS = 24 * 60 * 60 * 1_000
const AUTHORITY_DAYS = 20 * 365
/** Programs may refuse leaves that are valid for longer than 398 days. */
const LEAF_DAYS = 90
/** Of the remaining validity, when a certificate is replaced. */
const RENEW_SHARE = 1 / 3
/** Clocks of other programs may be slow. */
const BACKDATED_MS = DAY_MS

export const leafFilesOf = (folder: string): CertificateFiles => filesOf(folder, 'leaf')

const filesOf = (folder: string, name: string): CertificateFiles => ({
  certFile: join(folder, `${name}.crt`),
  keyFile: join(folder, `${name}.key`),
})

/**
 * Makes sure that there is an authority of this server, and a leaf of it for exactly these names that will not end soon.
 * Call it at each start and once a day. The authority's key never leaves its file of mode 0600: its owner can answer for every
 * name to clients that trust the root.
 */
export async function ensureLocalAuthority(options: LocalAuthorityOptions): Promise<LocalAuthority> {
  const { folder, now } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const authority = await ensureAuthority(folder, now())
  await ensureLeaf(authority, options)
  return { root: authority.cert }
}

async function ensureAuthority(folder: string, nowMs: number): Promise<Issued> {
  const files = filesOf(folder, 'authority')
  const known = await read(files)
  if (known !== null && lastsFrom(known.cert, nowMs)) return known
  const { issueAuthority } = await import('./issue.ts')
  const made = await issueAuthority(validity(nowMs, AUTHORITY_DAYS))
  await write(files, made)
  return made
}

async function ensureLeaf(authority: Issued, { folder, names, now }: LocalAuthorityOptions): Promise<void> {
  const files = leafFilesOf(folder)
  const known = await read(files)
  if (known !== null && lastsFrom(known.cert, now()) && isFor(known.cert, authority, names)) return
  const { issueLeaf } = await import('./issue.ts')
  await write(files, await issueLeaf(authority, names, validity(now(), LEAF_DAYS)))
}

/** Null: missing, or not a pair. */
async function read({ certFile, keyFile }: CertificateFiles): Promise<Issued | null> {
  try {
    const [cert, key] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')])
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)) ? { cert, key } : null
  } catch {
    return null
  }
}

/** The key first: a reader that finds a new certificate then finds its key, too. */
async function write({ certFile, keyFile }: CertificateFiles, { cert, key }: Issued): Promise<void> {
  await writeDurably(keyFile, key, 0o600)
  await writeDurably(certFile, cert, 0o600)
}

function lastsFrom(pem: string, nowMs: number): boolean {
  const { validFrom, validTo } = new X509Certificate(pem)
  const [fromMs, toMs] = [Date.parse(validFrom), Date.parse(validTo)]
  return fromMs <= nowMs && toMs - nowMs > (toMs - fromMs) * RENEW_SHARE
}

function isFor(pem: string, authority: Issued, names: readonly string[]): boolean {
  const leaf = new X509Certificate(pem)
  const named = (leaf.subjectAltName ?? '').split(', ').map((name) => name.replace(/^DNS:/, ''))
  if (!leaf.verify(new X509Certificate(authority.cert).publicKey)) return false
  return named.length === names.length && names.every((name) => named.includes(name))
}

const validity = (nowMs: number, days: number) => ({
  notBefore: new Date(nowMs - BACKDATED_MS),
  notAfter: new Date(nowMs + days * DAY_MS),
})
