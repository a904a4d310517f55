import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, startListening } from '../support/process.ts'

/** An nginx on a free port that passes everything on to `upstreamPort`, over a new connection each time. */
export async function startNginxProxy(upstreamPort: number): Promise<Disposable & { readonly port: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-fuzz-'))
  const port = freePort()
  const config = join(folder, 'nginx.conf')
  writeFileSync(
    config,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log /dev/null;
     events { worker_connections 256; }
     http {
       access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; lingering_close off;
       server {
         listen 127.0.0.1:${port};
         location / {
           proxy_pass http://127.0.0.1:${upstreamPort};
           proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_set_header Connection keep-alive; proxy_ignore_client_abort on;
         }
       }
     }`,
  )
  const nginx = await startListening(['nginx', '-c', config], port)
  return {
    port,
    [Symbol.dispose]() {
      nginx[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const QUIET_MS = 2_000

/** Sends the octets, half-closes, and gives all that comes back until the server closes. */
export function exchange(port: number, octets: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const answers: Uint8Array[] = []
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.on('data', (bytes: Buffer) => answers.push(bytes))
    socket.on('close', () => resolve(Buffer.concat(answers)))
    // nginx keeps a connection whose client has half-closed in the middle of a body: it waits for more.
    socket.setTimeout(QUIET_MS, () => socket.destroy())
    socket.end(octets)
  })
}
