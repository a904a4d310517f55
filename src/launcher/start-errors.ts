import type { ServerConfig } from '../config/index.ts'
import { fullDiskWords, isFullDisk } from './full-disk.ts'
import { explainFileAccess } from './file-access.ts'

type Doors = Pick<ServerConfig, 'port' | 'insidePort' | 'tls' | 'listen' | 'dataDir'>

/** What a person can do about an error at start, or null: then it is ours, and the log has it. */
export function explainStartError(error: unknown, doors: Doors): string | null {
  const { code, port = doors.port } = error as NodeJS.ErrnoException & { port?: number }
  if (isFullDisk(error, doors.dataDir)) return fullDiskWords(doors.dataDir)
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program.\nStop that one, or ${otherPort(port, doors, port + 1)}`
    case 'EPERM':
      return explainFileAccess(error)
    case 'EACCES':
      if (explainFileAccess(error)) return explainFileAccess(error)
      return port < 1024 ? mayNot(port, doors) : `This user may not listen on port ${port}.`
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${doors.listen.join(' or ')}.\nName one that it has: --listen 127.0.0.1`
    default:
      return null
  }
}

/** A capability for Bun instead would be lost with its next version, and reach what it starts. */
const mayNot = (port: number, doors: Doors): string =>
  `This user may not listen on port ${port}, which is below 1024.
As root, allow it for this and every later start:
  echo 'net.ipv4.ip_unprivileged_port_start=80' > /etc/sysctl.d/50-ports.conf && sysctl --system
Or ${otherPort(port, doors, doors.tls ? 8443 : 7070)}`

function otherPort(port: number, { tls, port: door, insidePort }: Doors, proposal: number): string {
  if (port === insidePort) return `choose another port: --inside-port ${proposal}`
  if (tls === null || port !== tls.httpPort || port === door) return `choose another port: --port ${proposal}`
  return 'do without the way from http to https: --http-port off'
}
