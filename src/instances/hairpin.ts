import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import type { ServerConfig } from '../config/index.ts'
import type { LoopbackRoute } from '../runner/index.ts'

/**
 * The way by which a micro calls its own app (COMPAT 1.8), since an address of this machine is, behind the walls, the
 * micro's own. It leads to the front door's port for micros, which shows them apps only, or, where somebody else ends
 * TLS, to that one on this machine, who cannot tell micros apart. Null: apps are reached elsewhere.
 */
export async function findHairpinRoute(config: DoorConfig): Promise<LoopbackRoute | null> {
  const { protocol, port } = new URL(config.homeOrigin)
  const publicPort = Number(port) || (protocol === 'https:' ? 443 : 80)
  // On whichever port the world comes: what is spoken there is spoken by the front door.
  if (protocol === (config.tls ? 'https:' : 'http:')) return { port: publicPort, hostPort: config.insidePort }
  return (await leadsHere(config.domain)) ? { port: publicPort, hostPort: publicPort } : null
}

type DoorConfig = Pick<ServerConfig, 'homeOrigin' | 'domain' | 'insidePort' | 'tls'>

/** Whether the name is one of this machine's own addresses. A name that cannot be resolved leads nowhere. */
async function leadsHere(name: string): Promise<boolean> {
  const found = await lookup(name, { all: true }).catch(() => [])
  const own = new Set(
    Object.values(networkInterfaces())
      .flat()
      .map((at) => at?.address),
  )
  return found.some(({ address }) => own.has(address))
}
