import { existsSync } from 'node:fs'
import { chmod, mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerConfig } from '../config/index.ts'
import { writeDurably } from '../kernel/durable.ts'
import type { Logger } from '../kernel/log.ts'
import { startPeriodic } from '../kernel/periodic.ts'
import { type DataDoor, SPACE_HOSTS } from '../runner/index.ts'
import { ensureLocalAuthority } from '../tls/index.ts'
import {
  DOOR_FOLDERS,
  DOOR_PREFIX,
  authorityFolder,
  doorFolder,
  isRoot,
  sandboxDoorOf,
} from './data-door-paths.ts'

/** Where programs on common systems keep the authorities that they trust. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
]
/** Settings of this machine that name authorities for builds: of a proxy, or of a private registry. */
const ADDED_FOR_BUILDS = 'NODE_EXTRA_CA_CERTS'
const NAMED_FOR_BUILDS = ['SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE']
/** What apps may call; the wildcards cover names that only hosts of an app's own resolve. */
const SANDBOX_NAMES = [...new Set<string>([...SPACE_HOSTS, '*.deta.sh', '*.deta.space', 'localhost'])]
/** Of the data folder that a folder in /run belongs to. */
const OWNER_FILE = 'data-folder'
const DAY_MS = 24 * 60 * 60 * 1_000

/** For the platform: makes the authority, and the files that sandboxes trust it by. Disposing stops its renewal. */
export async function openDataDoor(
  config: ServerConfig,
  buildSettings: Readonly<Record<string, string>>,
  log: Logger,
): Promise<AsyncDisposable & { readonly door: DataDoor }> {
  const folder = doorFolder(config)
  if (isRoot()) await removeStaleFolders()
  await mkdir(folder, { recursive: true })
  // The run folder stays closed to others.
  if (isRoot()) {
    await chmod(folder, 0o711)
    await writeDurably(join(folder, OWNER_FILE), config.dataDir, 0o600)
  }
  const door: DataDoor = {
    socketPath: sandboxDoorOf(config).socketPath,
    micros: { extra: join(folder, 'micro-authority.pem'), bundle: join(folder, 'micro-bundle.pem') },
    builds: { extra: join(folder, 'build-authority.pem'), bundle: join(folder, 'build-bundle.pem') },
  }
  const renew = async () => {
    const { root } = await ensureLocalAuthority({
      folder: authorityFolder(config),
      names: [...SANDBOX_NAMES, `database.${config.domain}`, `drive.${config.domain}`],
      now: Date.now,
    })
    await writeTrust(door, root, buildSettings)
  }
  await renew()
  const renewal = startPeriodic({
    pauseMs: DAY_MS,
    run: renew,
    onError: (error) => log.error('the certificates for sandboxes cannot be renewed', {}, error),
  })
  return {
    door,
    async [Symbol.asyncDispose]() {
      await renewal[Symbol.asyncDispose]()
      if (isRoot()) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Removes the folders of servers that were killed and whose data folder is gone since. */
async function removeStaleFolders(): Promise<void> {
  for (const name of await readdir(DOOR_FOLDERS)) {
    if (!name.startsWith(DOOR_PREFIX)) continue
    const folder = join(DOOR_FOLDERS, name)
    const [dataDir] = await allReadable([join(folder, OWNER_FILE)])
    if (dataDir !== undefined && !existsSync(dataDir)) await rm(folder, { recursive: true, force: true })
  }
}

/** Also once a day: the authorities of this machine are updated, too. */
async function writeTrust(
  { micros, builds }: DataDoor,
  root: string,
  buildSettings: Readonly<Record<string, string>>,
): Promise<void> {
  const [system] = await allReadable(SYSTEM_BUNDLES)
  const [added, named] = await Promise.all([
    allReadable([buildSettings[ADDED_FOR_BUILDS]]),
    allReadable(NAMED_FOR_BUILDS.map((name) => buildSettings[name])),
  ])
  const files: (readonly [path: string, certificates: readonly (string | undefined)[]])[] = [
    [micros.extra, [root]],
    [micros.bundle, [system, root]],
    [builds.extra, [...added, root]],
    [builds.bundle, [system, ...named, ...added, root]],
  ]
  for (const [path, certificates] of files) {
    const texts = [...new Set(certificates)].filter((text) => text !== undefined)
    await writeDurably(path, `${texts.map((text) => text.trim()).join('\n')}\n`, 0o644)
  }
}

/** The contents of the files that are there, each once. */
async function allReadable(paths: readonly (string | undefined)[]): Promise<string[]> {
  const given = [...new Set(paths)].filter((path) => path !== undefined)
  const read = await Promise.all(given.map((path) => readFile(path, 'utf8').catch(() => '')))
  return read.filter((text) => text !== '')
}
