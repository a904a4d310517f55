import { afterAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import { makeCertificate } from '../tls/testing/make-certificate.ts'
import { temporaryCertificates } from '../tls/testing/temporary-certificates.ts'
import { runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

const certificates = temporaryCertificates(['cloud.test', '*.cloud.test'], ['other.test'])
afterAll(() => certificates[Symbol.dispose]())
const [cloud, other] = certificates.files
const REFUSED = 'Browsers will reject this server'
const DAY_MS = 86_400_000

/** Without a sandbox it fails anyway: what is said of certificates tells. */
async function doctor(certFile: string, keyFile: string, now?: () => number) {
  using folder = createTempFolder({})
  const args = ['doctor', '--domain', 'cloud.test', '--tls-cert', certFile, '--tls-key', keyFile]
  return await runSpace(args, { cwd: folder.path, env: { OWNSPACE_SANDBOX: 'off' }, now })
}

test('space doctor shows certificates with their names and the days they have left', async () => {
  const { stderr } = await doctor(cloud!.certFile, cloud!.keyFile)
  expect(stderr).not.toContain(REFUSED)
  expect(stderr).toContain(`✓ ${cloud!.certFile}: cloud.test, *.cloud.test; 89 days left`)
  expect(stderr).not.toContain('No certificate')
})

test('space doctor fails where no certificate is for Home or the apps, and says for which names', async () => {
  const { exitCode, stderr } = await doctor(other!.certFile, other!.keyFile)
  expect(exitCode).toBe(1)
  expect(stderr).toContain(
    `${REFUSED}: no certificate covers cloud.test; no certificate covers apps below cloud.test.`,
  )
  expect(stderr).toContain('No certificate covers cloud.test')
  expect(stderr).toContain('No certificate covers *.cloud.test')
})

test('space doctor fails where a certificate cannot be used, and says what to do', async () => {
  const { exitCode, stderr } = await doctor(cloud!.certFile, other!.keyFile)
  expect(exitCode).toBe(1)
  expect(stderr).toContain('does not belong to the certificate')
  expect(stderr).toContain('Pass both files of one certificate')
})

test('space doctor fails where a certificate has ended', async () => {
  const later = () => Date.now() + 100 * DAY_MS
  const { exitCode, stderr } = await doctor(cloud!.certFile, cloud!.keyFile, later)
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`${cloud!.certFile} is not valid today`)])
})

test('space doctor shows how full the disk is and what build caches take, also before the first start', async () => {
  using folder = createTempFolder({ 'data/cache/apps/one/file': 'x'.repeat(2_000_000) })
  const run = (data: string, more: Record<string, string> = {}) =>
    runSpace(['doctor', '--data', join(folder.path, data)], {
      cwd: folder.path,
      env: { OWNSPACE_SANDBOX: 'off', ...more },
    })
  expect((await run('data')).stderr).toMatch(
    /data: [\d.]+ [GT]B of [\d.]+ [GT]B free; build caches take 2 MB/,
  )
  expect((await run('not/there/yet')).stderr).toContain('free; build caches take 0 bytes')
  const { exitCode, stderr } = await run('data', { OWNSPACE_MIN_FREE: '999999gb' })
  expect(exitCode).toBe(1)
  expect(stderr).toContain('left; the server rejects pushes below 1000 TB (--min-free)')
})

test('space doctor warns of a certificate without its chain, and does not fail for it', async () => {
  const { certFile, keyFile } = makeCertificate({
    folder: certificates.folder,
    file: 'alone',
    names: ['cloud.test', 'notes.cloud.test'],
    hasIssuerAddress: true,
  })
  const { stderr } = await doctor(certFile, keyFile)
  expect(stderr).toContain('fullchain.pem')
  expect(stderr).not.toContain(REFUSED)
})

test('space doctor says which engines work, with versions, and what limits builds', async () => {
  using folder = createTempFolder({})
  const args = ['doctor', '--data', folder.path, '--json']
  const { stdout, stderr } = await runSpace(args, {
    cwd: folder.path,
    env: { OWNSPACE_TOOLS_CACHE: '1gb' },
  })
  expect(stderr).toMatch(/The engines nodejs, .*: node \d+\.\d+\.\d+, npm \d+/)
  expect(stderr).toMatch(/--build-disk 4gb, --build-memory 4gb.*\n.*--app-cache 2gb.*--tools-cache 1gb/)
  const report = JSON.parse(stdout) as object
  if (!('error' in report)) expect(report).toMatchObject({ bounds: { 'tools-cache': '1gb' } })
})

test('space doctor installs nothing without a yes', async () => {
  using folder = createTempFolder({})
  const args = ['doctor', '--data', folder.path, '--install']
  const { exitCode, stderr } = await runSpace(args, { cwd: folder.path, env: { OWNSPACE_SANDBOX: 'off' } })
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/No package is missing|Add --yes|Run: sudo apt-get|no apt-get/)
})
