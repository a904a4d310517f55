import { afterAll, expect, test } from 'bun:test'
import { temporaryCertificates } from '../../tls/testing/temporary-certificates.ts'
import { connect } from './connection.ts'
import { createPatience } from './patience.ts'
import { parseServer } from './server.ts'

const certificates = temporaryCertificates(['localhost'])
afterAll(() => certificates[Symbol.dispose]())
const [files] = certificates.files

test('a certificate of an unknown authority is named as the problem, with the way to trust it', async () => {
  await using peer = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    tls: { cert: Bun.file(files!.certFile), key: Bun.file(files!.keyFile) },
    fetch: () => new Response('1700000000'),
  })
  const { origin } = new URL(`https://localhost:${peer.port}`)
  await expect(
    connect(parseServer(origin), null, createPatience({ limitMs: 0, answerMs: 10_000, notify: () => {} })),
  ).rejects.toMatchObject({
    code: 'bad_certificate',
    message: `The certificate of ${origin} is not issued by an authority that this machine trusts.`,
    hints: [expect.stringContaining('NODE_EXTRA_CA_CERTS')],
  })
})
