import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { POLICY } from '../attack-case.ts'
import type { Upstreams } from '../check-case.ts'
import { startAuthService } from './auth-service.ts'
import { freePort, KEY, SESSION, spawnServer, type GatewaySpec } from './gateway.ts'

/** Caddy with `forward_auth`, as its manual configures it. */
export const CADDY: GatewaySpec = {
  name: 'Caddy + forward_auth',
  async start(upstreams) {
    if (Bun.which('caddy') === null) return null
    const folder = mkdtempSync(join(tmpdir(), 'conformance-caddy-'))
    const auth = startAuthService()
    const port = await freePort()
    const file = join(folder, 'Caddyfile')
    writeFileSync(file, configuration(port, auth.port, upstreams))
    const server = await spawnServer(
      ['caddy', 'run', '--adapter', 'caddyfile', '--config', file],
      port,
      folder,
    )
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

function configuration(port: number, authPort: number, { web, api }: Upstreams): string {
  return `
{
  admin off
  auto_https off
}
http://${POLICY.host}:${port} {
  bind 127.0.0.1
  @public path /public/* /docs/*/page
  handle @public {
    reverse_proxy 127.0.0.1:${web.port}
  }
  handle /api/hook {
    uri strip_prefix /api
    reverse_proxy 127.0.0.1:${api.port}
  }
  handle {
    forward_auth 127.0.0.1:${authPort} {
      uri /
      copy_headers X-Space-Principal
    }
    handle_path /api/* {
      reverse_proxy 127.0.0.1:${api.port}
    }
    handle {
      reverse_proxy 127.0.0.1:${web.port}
    }
  }
}
`
}
