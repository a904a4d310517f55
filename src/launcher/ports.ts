import type { ServerConfig } from '../config/index.ts'

/**
 * The port that all gateways are going to share; for 0 a free one. They listen with SO_REUSEPORT, which would let a
 * second server of the same user join in silently: so this one has to have it alone first. Throws the system's error,
 * with `port`.
 */
export function claimPort({ listen, port }: Pick<ServerConfig, 'listen' | 'port'>): number {
  let chosen = port
  for (const hostname of listen) {
    const probe = withPort(chosen, () => Bun.listen({ hostname, port: chosen, socket: { data() {} } }))
    chosen = probe.port
    // Before the next: `::` takes the IPv4 addresses as well.
    probe.stop(true)
  }
  return chosen
}

type Ports = Pick<ServerConfig, 'listen' | 'port' | 'insidePort' | 'tls'>

/** All ports as flags, so that children and later ones take the same. */
export function claimPorts({ listen, port, insidePort, tls }: Ports): string[] {
  const flags = [
    `--port=${claimPort({ listen, port })}`,
    `--inside-port=${claimPort({ listen: ['127.0.0.1'], port: insidePort })}`,
  ]
  if (tls !== null && tls.httpPort !== null)
    flags.push(`--http-port=${claimPort({ listen, port: tls.httpPort })}`)
  return flags
}

function withPort<T>(port: number, listen: () => T): T {
  try {
    return listen()
  } catch (error) {
    throw Object.assign(error as Error, { port })
  }
}
