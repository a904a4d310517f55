import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { POLICY } from '../attack-case.ts'
import type { Upstreams } from '../check-case.ts'
import { startAuthService } from './auth-service.ts'
import { freePort, KEY, SESSION, spawnServer, type GatewaySpec } from './gateway.ts'

/** nginx with `auth_request`, as its manual and the manuals of authentication services configure it. */
export const NGINX: GatewaySpec = {
  name: 'nginx + auth_request',
  async start(upstreams) {
    if (Bun.which('nginx') === null) return null
    const folder = mkdtempSync(join(tmpdir(), 'conformance-nginx-'))
    mkdirSync(join(folder, 'logs'))
    const auth = startAuthService()
    const port = await freePort()
    const file = join(folder, 'nginx.conf')
    writeFileSync(file, configuration(folder, port, auth.port, upstreams))
    const server = await spawnServer(['nginx', '-p', folder, '-c', file, '-e', 'stderr'], port)
    return {
      address: { host: '127.0.0.1', port },
      session: SESSION,
      key: KEY,
      async [Symbol.asyncDispose]() {
        await server[Symbol.asyncDispose]()
        auth.stop()
        rmSync(folder, { recursive: true })
      },
    }
  },
}

function configuration(folder: string, port: number, authPort: number, { web, api }: Upstreams): string {
  const forwarded = `
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "";`
  const judged = `
      auth_request /_auth;
      auth_request_set $principal $upstream_http_x_space_principal;
      proxy_set_header X-Space-Principal $principal;`
  return `
daemon off; worker_processes 1; pid ${folder}/pid; error_log /dev/null;
events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
  server { listen 127.0.0.1:${port} default_server; return 404; }
  server {
    listen 127.0.0.1:${port};
    server_name ${POLICY.host};
    location = /_auth {
      internal;
      proxy_pass http://127.0.0.1:${authPort};
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header X-Original-URI $request_uri;
    }
    location /public/ { ${forwarded} proxy_pass http://127.0.0.1:${web.port}; }
    location ~ ^/docs/.*/page$ { ${forwarded} proxy_pass http://127.0.0.1:${web.port}; }
    location = /api/hook { ${forwarded} proxy_pass http://127.0.0.1:${api.port}/hook; }
    location /api/ { ${judged} ${forwarded} proxy_pass http://127.0.0.1:${api.port}/; }
    location / { ${judged} ${forwarded} proxy_pass http://127.0.0.1:${web.port}; }
  }
}
`
}
