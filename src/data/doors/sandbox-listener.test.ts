import { expect, test } from 'bun:test'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../../kernel/log.ts'
import { until } from '../../kernel/testing/until.ts'
import { ensureLocalAuthority, leafFilesOf } from '../../tls/index.ts'
import { SandboxListener } from './sandbox-listener.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

test('listens once there is a certificate, and with the new one after a renewal, without a refused call', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'listener-'))
  const authority = join(folder, 'authority')
  const socketPath = join(folder, 'inside.sock')
  const ensure = (atMs: number) =>
    ensureLocalAuthority({ folder: authority, names: ['database.deta.sh'], now: () => atMs })
  const listener = new SandboxListener({
    socketPath,
    mode: 0o600,
    idleSeconds: 10,
    leaf: leafFilesOf(authority),
    fetch: () => new Response('ok'),
    log: silentLogger,
    lookMs: 5,
    looksARenewal: 1,
  })
  try {
    await listener.opened
    const call = (ca: string) => {
      const options: object = { unix: socketPath, tls: { ca }, keepalive: false }
      return fetch('https://database.deta.sh/', options).then(
        (response) => response.text(),
        (error: Error) => error.message,
      )
    }
    expect(await call('')).not.toBe('ok')
    const { root } = await ensure(Date.now() - 80 * DAY_MS)
    await until('it listens', async () => (await call(root)) === 'ok')
    const before = readFileSync(leafFilesOf(authority).certFile, 'utf8')
    await ensure(Date.now())
    expect(readFileSync(leafFilesOf(authority).certFile, 'utf8')).not.toBe(before)
    for (let round = 0; round < 50; round++) expect(await call(root)).toBe('ok')
  } finally {
    await listener.close()
    rmSync(folder, { recursive: true })
  }
})
