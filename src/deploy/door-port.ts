import { lookup } from 'node:dns/promises'
import { networkInterfaces } from 'node:os'
import type { ServerConfig } from '../config/index.ts'

/**
 * The port of this machine's 127.0.0.1 that leads to Home and apps under their public address: the gateway's own, or
 * that of a TLS proxy on the same machine. Null when they are reached elsewhere. A micro needs it to call its own app
 * (COMPAT 1.8), since an address of this machine is, behind the walls, the micro's own.
 */
export async function findDoorPort(config: DoorConfig): Promise<number | null> {
  const { protocol, port } = new URL(config.homeOrigin)
  const publicPort = Number(port) || (protocol === 'https:' ? 443 : 80)
  if (protocol === (config.tls ? 'https:' : 'http:') && publicPort === config.port)
    return isOnLoopback(config.listen) ? publicPort : null
  return (await leadsHere(config.domain)) ? publicPort : null
}

type DoorConfig = Pick<ServerConfig, 'homeOrigin' | 'domain' | 'port' | 'tls' | 'listen'>

const isOnLoopback = (listen: readonly string[]): boolean =>
  listen.some((address) => ['127.0.0.1', '0.0.0.0', 'localhost'].includes(address))

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
