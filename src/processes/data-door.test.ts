import { expect, test } from 'bun:test'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readServerConfig } from '../config/index.ts'
import { silentLogger } from '../kernel/log.ts'
import { startData } from '../data/index.ts'
import { createMemoryService } from '../data/testing/memory-service.ts'
import { DataKeyReplica } from '../directory/index.ts'
import { DATA_DOOR_GROUP } from '../kernel/host-ids.ts'
import { makeCertificate } from '../tls/testing/make-certificate.ts'
import { openDataDoor } from './data-door.ts'
import { sandboxDoorOf } from './data-door-paths.ts'

test('micros trust the authority beside those of this machine, and builds also what its settings name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'door-'))
  using _ = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
  const proxy = makeCertificate({ folder, file: 'proxy', names: ['proxy.test'] }).certFile
  const registry = makeCertificate({ folder, file: 'registry', names: ['registry.test'] }).certFile
  const config = readServerConfig(['--data', join(folder, 'data'), '--domain', 'cloud.test'], {})
  const settings = { NODE_EXTRA_CA_CERTS: proxy, SSL_CERT_FILE: registry, CURL_CA_BUNDLE: '/nowhere' }
  await using opened = await openDataDoor(config, settings, silentLogger)
  const { micros, builds, socketPath } = opened.door
  const { leaf, socketPath: listened } = sandboxDoorOf(config)
  expect(socketPath).toBe(listened)
  const text = (path: string) => readFileSync(path, 'utf8')
  const has = (path: string) => [proxy, registry].map((file) => text(path).includes(text(file).trim()))
  expect([micros.extra, micros.bundle, builds.extra, builds.bundle].map(has)).toEqual([
    [false, false],
    [false, false],
    [true, false],
    [true, true],
  ])
  const root = text(micros.extra)
  for (const path of [micros.bundle, builds.extra, builds.bundle]) {
    expect(text(path)).toContain(root.trim())
    expect(statSync(path).mode & 0o777).toBe(0o644)
  }
  const certificate = new X509Certificate(text(leaf.certFile))
  expect(certificate.verify(new X509Certificate(root).publicKey)).toBe(true)
  for (const name of ['database.deta.sh', 'drive.deta.space', 'any.deta.sh', 'drive.cloud.test', 'localhost'])
    expect([name, certificate.checkHost(name)]).not.toEqual([name, undefined])
  expect(certificate.checkHost('cloud.test')).toBeUndefined()
})

test.skipIf(process.getuid?.() !== 0)('no other user of this machine may connect', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'door-'))
  using _ = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
  const config = readServerConfig(['--data', join(folder, 'data')], {})
  await using opened = await openDataDoor(config, {}, silentLogger)
  await using _data = await startData({
    services: { base: createMemoryService('base'), drive: createMemoryService('drive') },
    keys: new DataKeyReplica(),
    collectionsDir: join(folder, 'collections'),
    runDir: folder,
    sandboxes: sandboxDoorOf(config),
    log: silentLogger,
  })
  const { mode, uid, gid } = statSync(opened.door.socketPath)
  expect([mode & 0o777, uid, gid]).toEqual([0o660, 0, DATA_DOOR_GROUP])
})

test('a file that is no certificate does not end the start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'door-'))
  using _ = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) }
  writeFileSync(join(folder, 'empty.pem'), '')
  const config = readServerConfig(['--data', join(folder, 'data')], {})
  await using opened = await openDataDoor(
    config,
    { NODE_EXTRA_CA_CERTS: join(folder, 'empty.pem') },
    silentLogger,
  )
  expect(readFileSync(opened.door.builds.extra, 'utf8')).toBe(readFileSync(opened.door.micros.extra, 'utf8'))
})
