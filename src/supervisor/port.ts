import type { ServerConfig } from '../config/index.ts'

/**
 * The port that all gateways are going to share; for 0 a free one. They listen with SO_REUSEPORT, which would let a
 * second server of the same user join in silently: so this one has to have it alone first. Throws the system's error.
 */
export function claimPort({ listen, port }: Pick<ServerConfig, 'listen' | 'port'>): number {
  using probes = new DisposableStack()
  let chosen = port
  for (const address of listen) {
    const hostname = address.replace(/^\[|\]$/g, '')
    const probe = probes.adopt(Bun.listen({ hostname, port: chosen, socket: { data() {} } }), (socket) =>
      socket.stop(true),
    )
    chosen = probe.port
  }
  return chosen
}
