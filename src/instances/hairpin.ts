import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import type { ServerConfig } from '../config/index.ts'
import type { LoopbackRoute } from '../runner/index.ts'

/**
 * The route by which a micro calls its own app (COMPAT 1.8): inside a sandbox, an address of this machine is the
 * sandbox's own. It leads to the gateway's port for micros, which serves apps only, or, when a proxy on this machine
 * ends TLS, to that proxy, which cannot tell micros apart. Null: apps are served by another machine.
 */
export async function findHairpinRoute(config: HairpinConfig): Promise<LoopbackRoute | null> {
  const { protocol, port } = new URL(config.homeOrigin)
  const publicPort = Number(port) || (protocol === 'https:' ? 443 : 80)
  // Whatever the public port is: the gateway speaks this protocol itself.
  if (protocol === (config.tls ? 'https:' : 'http:')) return { port: publicPort, hostPort: config.insidePort }
  return (await leadsHere(config.domain)) ? { port: publicPort, hostPort: publicPort } : null
}

type HairpinConfig = Pick<ServerConfig, 'homeOrigin' | 'domain' | 'insidePort' | 'tls'>

/** Whether the name resolves to an address of this machine. */
async function leadsHere(name: string): Promise<boolean> {
  const found = await lookup(name, { all: true }).catch(() => [])
  const own = new Set(
    Object.values(networkInterfaces())
      .flat()
      .map((at) => at?.address),
  )
  return found.some(({ address }) => own.has(address))
}
