/** The doors over services in memory, with a real publisher of data keys. For tests. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataKeyReplica, DirectoryPublisher, type DirectoryChange } from '../../directory/index.ts'
import { silentLogger } from '../../kernel/log.ts'
import { ensureLocalAuthority, leafFilesOf } from '../../tls/index.ts'
import { DataClient } from '../client/data-client.ts'
import type { DataLimits } from '../limits.ts'
import type { ServiceName } from '../services.ts'
import { startData } from '../start-data.ts'
import { type MemoryService, createMemoryService } from './memory-service.ts'

export interface TestData extends AsyncDisposable {
  readonly folder: string
  /** Certificate of the authority that sandboxes trust, PEM. */
  readonly rootFile: string
  /** For sandboxes; every user may connect. */
  readonly insideSocket: string
  readonly services: Readonly<Record<ServiceName, MemoryService>>
  readonly publisher: DirectoryPublisher
  readonly client: DataClient
  /** As a gateway forwards a call to a data host; `headers` as a client sends them. */
  ask(service: ServiceName, target: string, init?: RequestInit): Promise<Response>
  /** As a gateway forwards a call with a session. */
  askWithSession(
    service: ServiceName,
    target: string,
    collectionId: string,
    init?: RequestInit,
  ): Promise<Response>
  /** As a sandbox calls `https://<host><target>`. */
  askInside(host: string, target: string, init?: RequestInit): Promise<Response>
  /** Stops the data process alone; the publisher continues. */
  stop(): Promise<void>
}

export const IDENTITY_SECRET = 'secret of identities'

export async function startTestData(
  keys: readonly DirectoryChange[],
  limits: Partial<DataLimits> = {},
  /** Monotonic, of the copy of the keys. */
  now?: () => number,
): Promise<TestData> {
  const folder = mkdtempSync(join(tmpdir(), 'data-'))
  // Sandboxes may have users of their own.
  chmodSync(folder, 0o711)
  const control = join(folder, 'control.sock')
  const publisher = new DirectoryPublisher({ data: 1, identitySecret: IDENTITY_SECRET })
  await publisher.publish(keys)
  await publisher.listen(control)
  const replica = new DataKeyReplica({ now })
  replica.connect(control)
  await replica.ready
  const authority = join(folder, 'authority')
  const { root } = await ensureLocalAuthority({
    folder: authority,
    names: ['*.deta.sh', '*.deta.space', 'database.cloud.test', 'drive.cloud.test'],
    now: Date.now,
  })
  const rootFile = join(folder, 'root.pem')
  writeFileSync(rootFile, root)
  chmodSync(rootFile, 0o644)
  const services = { base: createMemoryService('base'), drive: createMemoryService('drive') }
  const inside = join(folder, 'inside.sock')
  const data = await startData({
    services,
    keys: replica,
    collectionsDir: join(folder, 'collections'),
    runDir: folder,
    sandboxes: { socketPath: inside, mode: 0o666, leaf: leafFilesOf(authority) },
    limits: { directoryPatienceMs: 50, drainMs: 500, ...limits },
    log: silentLogger,
  })
  const send = (socket: string, url: string, init: RequestInit, more: object = {}) =>
    fetch(url, { ...init, ...more, unix: join(folder, socket) } as RequestInit)
  const forwarded = (init: RequestInit, headers: Record<string, string>): RequestInit => ({
    ...init,
    headers: { ...(init.headers as Record<string, string>), ...headers },
  })
  let stopping: Promise<void> | null = null
  const stop = () => (stopping ??= Promise.resolve(data[Symbol.asyncDispose]()))
  return {
    folder,
    rootFile,
    insideSocket: inside,
    services,
    publisher,
    client: new DataClient(join(folder, 'data-admin.sock')),
    ask: (service, target, init = {}) =>
      send(
        'data.sock',
        'http://data/',
        forwarded(init, { 'X-Space-Gateway-Service': service, 'X-Space-Gateway-Target': target }),
      ),
    askWithSession: (service, target, collectionId, init = {}) =>
      send(
        'data.sock',
        'http://data/',
        forwarded(init, {
          'X-Space-Gateway-Service': service,
          'X-Space-Gateway-Target': target,
          'X-Space-Gateway-Collection': collectionId,
        }),
      ),
    askInside: (host, target, init = {}) =>
      send('inside.sock', `https://${host}${target}`, init, { tls: { ca: root } }),
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
      await replica[Symbol.asyncDispose]()
      await publisher.close()
      rmSync(folder, { recursive: true })
    },
  }
}
