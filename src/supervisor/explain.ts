import type { ServerConfig } from '../config/index.ts'

/** What a person can do about an error at start, or null: then it is ours, and the log has it. */
export function explainStartError(error: unknown, { port, listen }: ServerConfig): string | null {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return `Port ${port} is taken by another program.\nStop that one, or choose another port: --port ${port + 1}`
    case 'EACCES':
      return `This user may not listen on port ${port}.\nChoose one above 1023: --port 7070`
    case 'EADDRNOTAVAIL':
      return `This machine has no address ${listen.join(' or ')}.\nName one that it has: --listen 127.0.0.1`
    default:
      return null
  }
}
