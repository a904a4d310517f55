import { afterAll, expect, test } from 'bun:test'
import { temporaryCertificates } from '../tls/testing/temporary-certificates.ts'
import { runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

const certificates = temporaryCertificates(['cloud.test', '*.cloud.test'], ['other.test'])
afterAll(() => certificates[Symbol.dispose]())
const [cloud, other] = certificates.files

/** Whether this machine has a sandbox is another matter: only what is said of certificates is looked at. */
async function doctor(certFile: string, keyFile: string) {
  using folder = createTempFolder({})
  const args = ['doctor', '--domain', 'cloud.test', '--tls-cert', certFile, '--tls-key', keyFile]
  return await runSpace(args, { cwd: folder.path, env: { OWNSPACE_SANDBOX: 'off' } })
}

test('space doctor shows certificates with their names and the days they have left', async () => {
  const { stderr } = await doctor(cloud!.certFile, cloud!.keyFile)
  expect(stderr).toContain(`✓ ${cloud!.certFile}: cloud.test, *.cloud.test; 89 days left`)
  expect(stderr).not.toContain('No certificate')
})

test('space doctor says which names no certificate is for', async () => {
  const { stderr } = await doctor(other!.certFile, other!.keyFile)
  expect(stderr).toContain('No certificate is for cloud.test')
  expect(stderr).toContain('No certificate is for *.cloud.test')
})

test('space doctor fails where a certificate cannot be used, and says what to do', async () => {
  const { exitCode, stderr } = await doctor(cloud!.certFile, other!.keyFile)
  expect(exitCode).toBe(1)
  expect(stderr).toContain('does not belong to the certificate')
  expect(stderr).toContain('Name the two files that were made together')
})
