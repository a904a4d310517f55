import { afterAll, expect, test } from 'bun:test'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CertificateFiles, CertificateError, readCertificate } from './certificate.ts'
import { makeCertificate } from './testing/make-certificate.ts'

const folder = mkdtempSync(join(tmpdir(), 'ownspace-cert-'))
afterAll(() => rmSync(folder, { recursive: true }))
const home = makeCertificate({ folder, file: 'home', names: ['Cloud.test', '*.cloud.test'] })
const other = makeCertificate({ folder, file: 'other', names: ['other.test'] })

const at = (name: string) => join(folder, name)
const write = (name: string, text: string): string => {
  writeFileSync(at(name), text)
  return at(name)
}

test('a certificate is read with its names and its time', () => {
  const certificate = readCertificate(home)
  expect(certificate.names).toEqual(['cloud.test', '*.cloud.test'])
  expect(certificate.validToMs - certificate.validFromMs).toBe(90 * 86_400_000)
})

test('a public certificate that comes alone is recognised, and one of one’s own authority may', () => {
  const file = { folder, file: 'public', names: ['cloud.test'], hasIssuerAddress: true }
  const alone = makeCertificate(file)
  expect(readCertificate(alone).isChainMissing).toBe(true)
  const chain = readFileSync(alone.certFile, 'utf8') + readFileSync(other.certFile, 'utf8')
  expect(readCertificate({ ...alone, certFile: write('chain.crt', chain) }).isChainMissing).toBe(false)
  expect(readCertificate(home).isChainMissing).toBe(false)
})

const encrypted = () => {
  const file = at('encrypted.key')
  Bun.spawnSync(['openssl', 'pkey', '-in', home.keyFile, '-aes256', '-passout', 'pass:hush', '-out', file])
  return file
}
const withoutKey = readFileSync(home.certFile, 'utf8')
mkdirSync(at('folder'))

test.each<[string, CertificateFiles, string[]]>([
  ['is not there', { ...home, certFile: at('none.crt') }, ['none.crt', 'does not exist', '--tls-cert']],
  ['has no key', { ...home, keyFile: at('none.key') }, ['none.key', 'does not exist', '--tls-key']],
  ['is a folder', { ...home, certFile: at('folder') }, ['is a folder']],
  [
    'is empty',
    { ...home, certFile: write('empty.crt', '') },
    ['empty.crt', 'no certificate', 'fullchain.pem'],
  ],
  ['is cut', { ...home, certFile: write('cut.crt', withoutKey.slice(0, 300)) }, ['no certificate']],
  ['is swapped with its key', { certFile: home.keyFile, keyFile: home.certFile }, ['swapped']],
  ['has another’s key', { ...home, keyFile: other.keyFile }, ['other.key', 'does not belong', 'home.crt']],
  ['has no key in its file', { ...home, keyFile: home.certFile }, ['no readable private key', 'privkey.pem']],
  ['has a key with a passphrase', { ...home, keyFile: encrypted() }, ['passphrase', 'openssl pkey']],
])('a certificate that %s is refused, and the message says what to do', (_, files, words) => {
  expect(() => readCertificate(files)).toThrow(CertificateError)
  for (const word of words) expect(() => readCertificate(files)).toThrow(word)
})

test.if(process.getuid!() !== 0)('a key that may not be read is refused, and the message says so', () => {
  copyFileSync(home.keyFile, at('closed.key'))
  chmodSync(at('closed.key'), 0)
  expect(() => readCertificate({ ...home, keyFile: at('closed.key') })).toThrow('cannot be read by this user')
})

test('no message shows what is in a key', () => {
  const broken = readFileSync(home.keyFile, 'utf8').replace(/[A-Z]{2}/, '!!')
  const secret = broken.split('\n')[1]!
  const error = catchError(() => readCertificate({ ...home, keyFile: write('broken.key', broken) }))
  expect(error).toBeInstanceOf(CertificateError)
  expect(Bun.inspect(error)).not.toContain(secret)
})

function catchError(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
