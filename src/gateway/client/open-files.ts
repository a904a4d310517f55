import { readFileSync } from 'node:fs'
import type { GatewayLimits } from '../limits.ts'

/** Besides connections: what the runtime has open, the files of static micros, sockets to the platform. */
const RESERVED_FILES = 200

/**
 * As many connections as there can be open files, where that is fewer than asked for: each needs another one to its
 * upstream, and a process that has run out of them can neither answer nor refuse.
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
    // No /proc: the operator's own number has to do.
    return Number.POSITIVE_INFINITY
  }
}
