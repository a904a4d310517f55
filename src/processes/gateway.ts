/** The gateway process: the only listener, with a copy of the directory and without a database. */
import { join } from 'node:path'
import type { ServerConfig } from '../config/index.ts'
import { DirectoryReplica } from '../directory/index.ts'
import { type RunningGateway, startGateway } from '../gateway/index.ts'
import type { Logger } from '../kernel/log.ts'
import { OpenCertificates } from '../tls/index.ts'

/** A gateway answers 503 for a platform that hangs shortly before the platform is killed, so that clients get a page. */
const HANG_SHARE = 2 / 3

/** Listens as soon as its copy of the directory is complete. */
export async function startGatewayProcess(config: ServerConfig, log: Logger): Promise<RunningGateway> {
  const { runDir, domain, homeHosts, homeOrigin, trustedProxies } = config
  await using parts = new AsyncDisposableStack()

  const directory = parts.use(
    new DirectoryReplica({ hangAfterMs: config.hangAfterMs * HANG_SHARE, log: log.child('directory') }),
  )
  directory.connect(join(runDir, 'control.sock'))
  await directory.ready

  const tls = config.tls && {
    certificates: parts.use(new OpenCertificates({ files: config.tls.files, log: log.child('tls') })),
    httpPort: config.tls.httpPort,
  }

  const gateway = parts.use(
    await startGateway({
      listen: config.listen,
      port: config.port,
      insidePort: config.insidePort,
      tls,
      settings: {
        domain,
        homeHosts,
        homeOrigin,
        trustedProxies,
        scheme: homeOrigin.startsWith('https:') ? 'https' : 'http',
      },
      reusePort: true,
      directory,
      platformSocket: join(runDir, 'home.sock'),
      dataSocket: join(runDir, 'data.sock'),
      limits: config.limits.gateway,
      log,
    }),
  )
  const started = parts.move()
  const close = () => started.disposeAsync()
  return { ...gateway, close, [Symbol.asyncDispose]: close }
}
