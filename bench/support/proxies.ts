/** The proxies that are compared, each in front of the same origin. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DirectoryPublisher } from '../../src/directory/index.ts'
import { digestOf } from '../../src/kernel/ids.ts'
import type { CertificateFiles } from '../../src/tls/index.ts'
import { freePort, startListening, startPrintingPort } from './process.ts'

export const HOST = 'notes.cloud.test'
export const SESSION = 'K3jq0mS8mZ2vN5xY7bQ1wE4rT6uI9oP0aS3dF5gH7jL'
export const KEY = 'k1a2b3c4d5e6f7g8_K3jq0mS8mZ2vN5xY7bQ1wE4rT6uI9oP0aS3dF5gH7jL'

/** What the proxies are in front of, and how they are reached. */
export interface Stage {
  readonly folder: string
  readonly originPort: number
  /** For TLS, the same for all of them; null: plain http. */
  readonly certificate: CertificateFiles | null
}

export interface Proxy extends Disposable {
  readonly name: string
  readonly scheme: 'http' | 'https'
  readonly port: number
  /** All that works for a request besides the origin: the proxy, and the service that it asks. */
  readonly pids: readonly number[]
  /** Prefix of paths, and what the client presents. */
  readonly access: 'public' | 'cookie' | 'key'
}

/**
 * One gateway process, used in three ways. `isSigning`: with a secret, so that every request is signed for the app
 * (`X-Space-Identity`), as it is in a real server; nothing that it is compared with does that.
 */
export async function startOurs(stage: Stage, isSigning: boolean): Promise<Proxy[]> {
  const { folder, originPort, certificate } = stage
  const socketPath = join(folder, `control-${isSigning}.sock`)
  const identitySecret = isSigning ? randomBytes(32).toString('base64url') : undefined
  const publisher = new DirectoryPublisher({ identitySecret })
  await publisher.publish([
    {
      op: 'instance.put',
      instance: {
        id: 'inst_bench',
        appName: 'Bench',
        hosts: [HOST],
        userIds: ['usr_owner'],
        internalKeyDigest: digestOf('internal'),
        collectionId: 'bench',
        isDevelopment: false,
        addsRuntime: true,
        micros: [
          {
            name: 'web',
            primary: true,
            mount: '/',
            publicRoutes: ['/public/*', '/static/*', '/api/v*/events'],
            privateRoutes: [],
            apiKeys: true,
            upstream: {
              kind: 'process',
              address: { host: '127.0.0.1', port: originPort },
              // It reads every body, as Node's server does.
              server: 'node',
            },
          },
        ],
      },
    },
    {
      op: 'session.put',
      session: {
        id: 'ses_bench',
        digest: digestOf(SESSION),
        instanceId: 'inst_bench',
        userId: 'usr_owner',
        expiresAtMs: Number.MAX_SAFE_INTEGER,
      },
    },
    {
      op: 'key.put',
      key: {
        id: `key_${KEY.split('_')[0]}`,
        name: 'bench',
        digest: digestOf(KEY),
        instanceId: 'inst_bench',
        micros: null,
        methods: null,
        paths: null,
        expiresAtMs: null,
      },
    },
  ])
  await publisher.listen(socketPath)
  const child = await startPrintingPort([
    process.execPath,
    join(import.meta.dir, 'bench-gateway.ts'),
    socketPath,
    ...(certificate ? [certificate.certFile, certificate.keyFile] : []),
  ])
  const dispose = () => {
    child[Symbol.dispose]()
    void publisher.close()
  }
  return (['cookie', 'key', 'public'] as const).map((access, index) => ({
    name: `ours, ${access}${isSigning ? ', signing' : ''}`,
    scheme: certificate ? 'https' : 'http',
    port: child.port,
    pids: [child.pid],
    access,
    [Symbol.dispose]: index === 0 ? dispose : () => {},
  }))
}

const startAuthService = () => startPrintingPort(['node', join(import.meta.dir, 'auth-service.mjs'), SESSION])

export async function startNginx(stage: Stage, hasAuth: boolean): Promise<Proxy> {
  const { folder, originPort, certificate } = stage
  const port = freePort()
  const auth = hasAuth ? await startAuthService() : null
  const config = join(folder, `nginx-${port}.conf`)
  const check =
    auth === null
      ? ''
      : 'auth_request /check; auth_request_set $user $upstream_http_x_user; proxy_set_header X-User $user;'
  writeFileSync(
    config,
    `daemon off; master_process off; pid ${folder}/${port}.pid; error_log /dev/null;
     events { worker_connections 1024; }
     http {
       access_log off; keepalive_requests 1000000000; client_max_body_size 0; client_body_temp_path ${folder};
       proxy_temp_path ${folder};
       map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
       upstream origin { server 127.0.0.1:${originPort}; keepalive 64; keepalive_requests 1000000000; }
       ${auth === null ? '' : `upstream auth { server 127.0.0.1:${auth.port}; keepalive 64; keepalive_requests 1000000000; }`}
       server {
         listen 127.0.0.1:${port}${certificate ? ' ssl' : ''};
         ${certificate ? `ssl_certificate ${certificate.certFile}; ssl_certificate_key ${certificate.keyFile}; ssl_protocols TLSv1.2 TLSv1.3;` : ''}
         proxy_http_version 1.1;
         location / {
           ${check}
           proxy_set_header Host $http_host; proxy_set_header Upgrade $http_upgrade;
           proxy_set_header Connection $connection_upgrade; proxy_set_header X-Forwarded-For $remote_addr;
           proxy_request_buffering off; proxy_buffering on; proxy_max_temp_file_size 0; proxy_pass http://origin;
         }
         ${auth === null ? '' : `location = /check { internal; proxy_set_header Connection ""; proxy_set_header Content-Length ""; proxy_pass_request_body off; proxy_pass http://auth; }`}
       }
     }`,
  )
  const child = await startListening(['nginx', '-c', config], port)
  return asProxy(hasAuth ? 'nginx + auth_request' : 'nginx', stage, port, child, auth)
}

export async function startCaddy(stage: Stage, hasAuth: boolean): Promise<Proxy> {
  const { folder, originPort, certificate } = stage
  const port = freePort()
  const auth = hasAuth ? await startAuthService() : null
  const config = join(folder, `Caddyfile-${port}`)
  writeFileSync(
    config,
    `{
       admin off
       auto_https off
     }
     ${certificate ? `https://${HOST}` : 'http://'}:${port} {
       bind 127.0.0.1
       ${certificate ? `tls ${certificate.certFile} ${certificate.keyFile}` : ''}
       ${auth === null ? '' : `forward_auth 127.0.0.1:${auth.port} {\n uri /check\n copy_headers X-User\n }`}
       reverse_proxy 127.0.0.1:${originPort}
     }\n`,
  )
  const child = await startListening(['caddy', 'run', '--config', config, '--adapter', 'caddyfile'], port)
  return asProxy(hasAuth ? 'Caddy + forward_auth' : 'Caddy', stage, port, child, auth)
}

function asProxy(
  name: string,
  { certificate }: Stage,
  port: number,
  child: { pid: number } & Disposable,
  auth: ({ pid: number } & Disposable) | null,
): Proxy {
  return {
    name,
    scheme: certificate ? 'https' : 'http',
    port,
    pids: auth === null ? [child.pid] : [child.pid, auth.pid],
    access: 'cookie',
    [Symbol.dispose]: () => {
      child[Symbol.dispose]()
      auth?.[Symbol.dispose]()
    },
  }
}
