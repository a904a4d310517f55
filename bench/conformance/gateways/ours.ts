import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryPublisher, DirectoryReplica, type DirectoryChange } from '../../../src/directory/index.ts'
import { startGateway } from '../../../src/gateway/index.ts'
import { digestOf } from '../../../src/kernel/ids.ts'
import { silentLogger } from '../../../src/kernel/log.ts'
import { POLICY } from '../attack-case.ts'
import type { Upstreams } from '../check-case.ts'
import { KEY, SESSION, type GatewaySpec } from './gateway.ts'

export const OURS: GatewaySpec = {
  name: 'ours',
  async start(upstreams) {
    const folder = mkdtempSync(join(tmpdir(), 'conformance-'))
    const publisher = new DirectoryPublisher()
    await publisher.publish(directoryOf(upstreams))
    await publisher.listen(join(folder, 'control.sock'))
    const directory = new DirectoryReplica()
    directory.connect(join(folder, 'control.sock'))
    await directory.ready
    const gateway = await startGateway({
      listen: ['127.0.0.1'],
      port: 0,
      settings: {
        domain: 'cloud.test',
        homeHosts: ['cloud.test'],
        homeOrigin: 'http://cloud.test',
        scheme: 'http',
      },
      directory,
      platformSocket: join(folder, 'home.sock'),
      log: silentLogger,
    })
    return {
      address: { host: '127.0.0.1', port: gateway.port },
      session: SESSION,
      key: KEY,
      async [Symbol.asyncDispose]() {
        await gateway.close()
        await directory.close()
        await publisher.close()
        rmSync(folder, { recursive: true })
      },
    }
  },
}

function directoryOf(upstreams: Upstreams): DirectoryChange[] {
  const instanceId = 'inst_notes'
  const micro = (name: 'web' | 'api', mount: string) => ({
    name,
    primary: mount === '/',
    mount,
    publicRoutes: POLICY.publicPaths[name],
    privateRoutes: [],
    apiKeys: name === 'api',
    upstream: { kind: 'process', address: { host: '127.0.0.1', port: upstreams[name].port } } as const,
  })
  const unlimited = { micros: null, methods: null, paths: null, expiresAtMs: null }
  return [
    {
      op: 'instance.put',
      instance: {
        id: instanceId,
        appName: 'Notes',
        hosts: [POLICY.host],
        userIds: ['usr_owner'],
        internalKeyDigest: digestOf('internal'),
        collectionId: 'bench',
        isDevelopment: false,
        addsRuntime: true,
        micros: [micro('web', '/'), micro('api', '/api')],
      },
    },
    {
      op: 'session.put',
      session: {
        id: 'ses_1',
        digest: digestOf(SESSION),
        instanceId,
        userId: 'usr_owner',
        expiresAtMs: Date.now() + 1e9,
      },
    },
    {
      op: 'key.put',
      key: { id: 'key_key1', name: 'Phone', digest: digestOf(KEY), instanceId, ...unlimited },
    },
  ]
}
