import { readFileSync } from 'node:fs'
import type { GatewayLimits } from '../limits.ts'

/** Open files besides connections: those of the runtime, files of static micros, sockets to the platform. */
const RESERVED_FILES = 200

/**
 * Lowers the bound of connections to what the bound of open files allows: each connection needs another one to its
 * upstream, and a process without free file descriptors can neither answer nor refuse.
 */
export function withinOpenFiles(limits: GatewayLimits, maxOpenFiles = ownMaxOpenFiles()): GatewayLimits {
  const connections = Math.max(1, Math.floor((maxOpenFiles - RESERVED_FILES) / 2))
  return { ...limits, connections: Math.min(limits.connections, connections) }
}

function ownMaxOpenFiles(): number {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft)
  } catch {
    // Without /proc the configured bound is used.
    return Number.POSITIVE_INFINITY
  }
}
