/** nginx with its WebDAV module, on a folder. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Measured, freePort, startListening } from './process.ts'

export async function startWebdav(folder: string): Promise<Measured & { readonly port: number }> {
  const port = freePort()
  for (const name of ['files', 'bodies']) mkdirSync(join(folder, name), { recursive: true })
  const path = join(folder, 'nginx.conf')
  writeFileSync(path, configuration(folder, port))
  const server = await startListening(['nginx', '-c', path, '-p', folder], port)
  return { ...server, port }
}

/** Bodies are written on the same file system, so that a rename finishes an upload. */
const configuration = (folder: string, port: number): string => `
daemon off;
user root;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 256; }
http {
  access_log off;
  sendfile on;
  client_body_temp_path ${folder}/bodies;
  client_max_body_size 0;
  server {
    listen 127.0.0.1:${port};
    root ${folder}/files;
    location / { dav_methods PUT DELETE; create_full_put_path on; }
  }
}
`
