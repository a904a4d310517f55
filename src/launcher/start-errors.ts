import type { ServerConfig } from '../config/index.ts'
import { fullDiskMessage, isFullDisk } from './full-disk.ts'
import { explainFileAccess } from './file-access.ts'

type StartSettings = Pick<ServerConfig, 'port' | 'insidePort' | 'tls' | 'listen' | 'dataDir'>

/** The cause of an error at start and what to do about it; null for a defect of ours, which goes to the log. */
export function explainStartError(error: unknown, settings: StartSettings): string | null {
  const { code, port = settings.port } = error as NodeJS.ErrnoException & { port?: number }
  if (isFullDisk(error, settings.dataDir)) return fullDiskMessage(settings.dataDir)
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program.\nStop that program, or ${otherPort(port, settings, port + 1)}`
    case 'EPERM':
      return explainFileAccess(error)
    case 'EACCES':
      if (explainFileAccess(error)) return explainFileAccess(error)
      return port < 1024 ? lowPortMessage(port, settings) : `This user may not listen on port ${port}.`
    case 'EADDRNOTAVAIL':
      return `This machine does not have the address ${settings.listen.join(' or ')}.\nChoose one that it has: --listen 127.0.0.1`
    default:
      return null
  }
}

/** Not a capability of the Bun binary: an update would remove it, and child processes would inherit it. */
const lowPortMessage = (port: number, settings: StartSettings): string =>
  `This user may not listen on port ${port}, which is below 1024.
As root, allow it for this and every later start:
  echo 'net.ipv4.ip_unprivileged_port_start=80' > /etc/sysctl.d/50-ports.conf && sysctl --system
Or ${otherPort(port, settings, settings.tls ? 8443 : 7070)}`

function otherPort(
  port: number,
  { tls, port: mainPort, insidePort }: StartSettings,
  proposal: number,
): string {
  if (port === insidePort) return `choose another port: --inside-port ${proposal}`
  if (tls === null || port !== tls.httpPort || port === mainPort)
    return `choose another port: --port ${proposal}`
  return 'turn the redirect from http to https off: --http-port off'
}
