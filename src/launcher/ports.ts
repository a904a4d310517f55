import type { ServerConfig } from '../config/index.ts'

/**
 * The port that all gateways will share; for 0 a free one. They listen with SO_REUSEPORT, by which a second server of the
 * same user could share the port unnoticed, so this checks first that no other program listens. Throws the system's
 * error, with `port`.
 */
export function claimPort({ listen, port }: Pick<ServerConfig, 'listen' | 'port'>): number {
  let chosen = port
  for (const hostname of listen) {
    const probe = withPort(chosen, () => Bun.listen({ hostname, port: chosen, socket: { data() {} } }))
    chosen = probe.port
    // Before the next address: `::` includes the IPv4 addresses.
    probe.stop(true)
  }
  return chosen
}

type Ports = Pick<ServerConfig, 'listen' | 'port' | 'insidePort' | 'tls'>

/** All ports as flags, so that every child, including restarted ones, uses the same. */
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
