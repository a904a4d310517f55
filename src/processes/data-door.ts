import { createHash } from 'node:crypto'
import { chmod, mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerConfig } from '../config/index.ts'
import type { SandboxDoorOptions } from '../data/index.ts'
import { writeDurably } from '../kernel/durable.ts'
import type { Logger } from '../kernel/log.ts'
import { startPeriodic } from '../kernel/periodic.ts'
import { type DataDoor, SPACE_HOSTS } from '../runner/index.ts'
import { ensureLocalAuthority, leafFilesOf } from '../tls/index.ts'

/** Where programs on common systems keep the authorities that they trust. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]
/** Settings of this machine that name authorities for builds: of a proxy, or of a private registry. */
const BUILD_AUTHORITIES = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE']
const DAY_MS = 24 * 60 * 60 * 1_000

const authorityFolder = ({ dataDir }: Pick<ServerConfig, 'dataDir'>): string => join(dataDir, 'authority')

/**
 * The folder of the socket and the files that sandboxes may use. A server that runs as root gives each sandbox its own
 * user, who cannot enter the data folder; only root can make a folder in /run.
 */
function doorFolder({ dataDir, runDir }: Pick<ServerConfig, 'dataDir' | 'runDir'>): string {
  if (!isRoot()) return runDir
  return join('/run', `ownspace-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`)
}

const isRoot = (): boolean => process.getuid?.() === 0

/** For the data process: where it listens for sandboxes. The key of a call decides, not its connection. */
export const sandboxDoorOf = (config: ServerConfig): SandboxDoorOptions => ({
  socketPath: join(doorFolder(config), 'inside.sock'),
  mode: isRoot() ? 0o666 : 0o600,
  leaf: leafFilesOf(authorityFolder(config)),
})

/** For the platform: makes the authority, and the files that sandboxes trust it by. Disposing stops its renewal. */
export async function openDataDoor(
  config: ServerConfig,
  buildSettings: Readonly<Record<string, string>>,
  log: Logger,
): Promise<AsyncDisposable & { readonly door: DataDoor }> {
  const options = {
    folder: authorityFolder(config),
    names: [
      ...new Set([...SPACE_HOSTS, '*.deta.sh', '*.deta.space', 'localhost']),
      `database.${config.domain}`,
      `drive.${config.domain}`,
    ],
    now: Date.now,
  }
  const { root } = await ensureLocalAuthority(options)
  const folder = doorFolder(config)
  await mkdir(folder, { recursive: true })
  // The run folder stays closed to others.
  if (isRoot()) await chmod(folder, 0o711)
  const system = await firstReadable(SYSTEM_BUNDLES)
  const ofBuilds = await allReadable(BUILD_AUTHORITIES.map((name) => buildSettings[name]))
  const write = async (name: string, certificates: readonly string[]) => {
    const path = join(folder, name)
    await writeDurably(path, `${certificates.map((text) => text.trim()).join('\n')}\n`, 0o644)
    return path
  }
  const door: DataDoor = {
    socketPath: sandboxDoorOf(config).socketPath,
    micros: {
      extra: await write('micro-authority.pem', [root]),
      bundle: await write('micro-bundle.pem', [system, root]),
    },
    builds: {
      extra: await write('build-authority.pem', [...ofBuilds, root]),
      bundle: await write('build-bundle.pem', [system, ...ofBuilds, root]),
    },
  }
  const renewal = startPeriodic({
    pauseMs: DAY_MS,
    run: async () => void (await ensureLocalAuthority(options)),
    onError: (error) => log.error('the certificate for sandboxes cannot be renewed', {}, error),
  })
  return {
    door,
    async [Symbol.asyncDispose]() {
      await renewal[Symbol.asyncDispose]()
      if (isRoot()) await rm(folder, { recursive: true, force: true })
    },
  }
}

async function firstReadable(paths: readonly string[]): Promise<string> {
  return (await allReadable(paths))[0] ?? ''
}

/** The contents of the files that are there, each once. */
async function allReadable(paths: readonly (string | undefined)[]): Promise<string[]> {
  const given = [...new Set(paths)].filter((path) => path !== undefined)
  const read = await Promise.all(given.map((path) => readFile(path, 'utf8').catch(() => '')))
  return read.filter((text) => text !== '')
}
