import { afterEach, beforeEach, expect, test } from 'bun:test'
import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger } from '../kernel/log.ts'
import type { CertificateFiles } from './certificate.ts'
import { OpenCertificates } from './open-certificates.ts'
import { makeCertificate } from './testing/make-certificate.ts'

let folder: string
let files: CertificateFiles
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ownspace-certs-'))
  files = makeCertificate({ folder, file: 'home', names: ['cloud.test'] })
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Certificates that are looked at all the time, and what they log. */
function open(now = Date.now) {
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const log = createLogger('test', 'info', (line) => {
    lines.push(line)
    for (const look of waiting) look()
  })
  const logged = async (text: string) => {
    while (!lines.some((line) => line.includes(text)))
      await new Promise<void>((resolve) => waiting.add(resolve))
  }
  const certificates = new OpenCertificates({ files: [files], log, lookMs: 1, now })
  return { certificates, lines, logged, [Symbol.dispose]: () => certificates[Symbol.dispose]() }
}

const renew = (names = ['cloud.test']) => makeCertificate({ folder, file: 'new', names })

test('a renewal that replaces both files is shown to the next handshake', async () => {
  using opened = open()
  const { certificates, logged } = opened
  const before = certificates.choose('cloud.test')
  const fresh = renew(['cloud.test', 'my.example'])
  renameSync(fresh.keyFile, files.keyFile)
  renameSync(fresh.certFile, files.certFile)
  await logged('certificate reloaded')
  expect(certificates.choose('cloud.test')).not.toBe(before)
  expect(certificates.choose('my.example')).toBe(certificates.choose('cloud.test'))
})

test('a renewal that swaps links, as certbot’s do, is seen', async () => {
  const first = renew()
  for (const [link, target] of [
    [files.certFile, first.certFile],
    [files.keyFile, first.keyFile],
  ] as const) {
    unlinkSync(link)
    symlinkSync(target, link)
  }
  using opened = open()
  const { certificates, logged } = opened
  const before = certificates.choose('cloud.test')
  const second = makeCertificate({ folder, file: 'second', names: ['cloud.test'] })
  for (const [link, target] of [
    [files.certFile, second.certFile],
    [files.keyFile, second.keyFile],
  ] as const) {
    symlinkSync(target, `${link}.tmp`)
    renameSync(`${link}.tmp`, link)
  }
  await logged('certificate reloaded')
  expect(certificates.choose('cloud.test')).not.toBe(before)
})

test.each([
  ['is broken', () => writeFileSync(files.certFile, 'nonsense'), 'no certificate in PEM'],
  ['is gone', () => unlinkSync(files.keyFile), 'does not exist'],
  ['has another’s key', () => renameSync(renew().certFile, files.certFile), 'does not belong'],
])('a file that %s keeps the certificate that was there, and is logged', async (_, spoil, reason) => {
  using opened = open()
  const { certificates, lines, logged } = opened
  const before = certificates.choose('cloud.test')
  spoil()
  await logged(reason)
  expect(lines.at(-1)).toContain('keeping the old one')
  expect(certificates.choose('cloud.test')).toBe(before)
})

test('a certificate that has ended does not take the place of a good one', async () => {
  const inFiftyDays = Date.now() + 50 * 86_400_000
  using opened = open(() => inFiftyDays)
  const before = opened.certificates.choose('cloud.test')
  makeCertificate({ folder, file: 'home', names: ['cloud.test'], days: 10 })
  await opened.logged('has expired')
  expect(opened.certificates.choose('cloud.test')).toBe(before)
})

test('files that are mended after they were broken are taken', async () => {
  using opened = open()
  const { certificates, logged } = opened
  const good = readFileSync(files.certFile, 'utf8')
  writeFileSync(files.certFile, good.slice(0, 100))
  await logged('keeping the old one')
  const before = certificates.choose('cloud.test')
  writeFileSync(files.certFile, good)
  await logged('certificate reloaded')
  expect(certificates.choose('cloud.test')).not.toBe(before)
})

test('files that cannot be used at the start are an error', () => {
  unlinkSync(files.keyFile)
  expect(() => open()).toThrow('does not exist')
})
