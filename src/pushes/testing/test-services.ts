import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type App,
  type Build,
  createApp,
  createBuild,
  listInstallations,
  listReleases,
  requireBuild,
} from '../../projects/index.ts'
import {
  type InstanceProcesses,
  type InstanceService,
  createAppHosts,
  getInstance,
  listInstances,
} from '../../instances/index.ts'
import {
  type BuildCaches,
  type BuildInput,
  type BuildResult,
  type BuiltMicro,
  openBuildCaches,
} from '../../builds/index.ts'
import { type Database, type Sealer, type Folders, openFolders } from '../../storage/index.ts'
import { createSealer } from '../../storage/sealer.ts'
import { openDatabase } from '../../storage/database.ts'
import { type DiskGuard, openDiskGuard } from '../../disk/index.ts'
import type {
  DirectoryChange,
  LogNote,
  MicroRef,
  UpstreamAddress,
  WakeResult,
} from '../../directory/index.ts'
import { type UserId, newId } from '../../kernel/ids.ts'
import { silentLogger } from '../../kernel/log.ts'
import { type TestServices, startTestServices } from './start-services.ts'
import type { Pushes } from '../pushes.ts'
import type { Domains, TxtLookup } from '../../domains/index.ts'
import type { PushLimits } from '../limits.ts'
import { ManualRunner } from '../../instances/testing/manual-runner.ts'
import { type ServerTables, serverMigrations } from '../../api/schema.ts'
import { storageMigrations } from '../../storage/migrations/index.ts'

export const SPACEFILE = `v: 0
micros:
  - name: web
    src: .
    engine: nodejs16
    primary: true
    presets:
      env:
        - name: COLOR
          default: blue
  - name: api
    src: .
    engine: nodejs16
    public_routes: ["/ping"]
`

/** Pushes and instances on a real database and disk, with a runner and a builder that the test controls. */
export interface TestSpace extends AsyncDisposable {
  readonly db: Database<ServerTables>
  readonly sealer: Sealer
  readonly folders: Folders
  readonly owner: UserId
  readonly app: App
  readonly runner: ManualRunner
  readonly published: DirectoryChange[]
  /** Of the last start. */
  services: TestServices
  readonly pushes: Pushes
  readonly instances: InstanceService
  readonly processes: InstanceProcesses
  readonly domains: Domains
  readonly sync: TestServices['sync']
  /** Replaced to hold a build back or let it fail. */
  build: (input: BuildInput) => Promise<BuildResult>
  /** What gateways say they use; replaced by tests. */
  activeMicros: () => Promise<readonly MicroRef[] | null>
  /** Bounds that differ; of the next start. */
  limits: Partial<PushLimits>
  /** Of the next push. */
  spacefile: string
  /** When gateways have nothing under way to an address; replaced by tests. */
  untilDrained: (address: UpstreamAddress, signal: AbortSignal) => Promise<void>
  /** What name servers say; replaced by tests. */
  lookUpTxt: TxtLookup
  wake(instanceId: string, micro: string): Promise<WakeResult>
  /** A gateway has something to say in an app's log. */
  tellNote: (note: LogNote) => void
  /** Uploads and starts a push. */
  push(tag: string, options?: PushOptions): Promise<Build>
  /** Waits until everything of the push has ended, and tells how. */
  outcome(build: Build): Promise<Outcome>
  /** The server ends without a word and starts again on the same data. */
  crash(): Promise<void>
}

export interface PushOptions {
  readonly icon?: Uint8Array
  readonly rebuild?: boolean
  /** Name an archive in place of an upload. */
  readonly digest?: string
}

export interface Outcome {
  readonly build: string
  readonly release: string | null
  readonly installation: string | null
  readonly log: string
  /** Tag of the revision that serves afterwards. */
  readonly serving: string | null
}

export interface TestSpaceOptions {
  /** Kept at the end. */
  readonly folder?: string
  readonly minFreeBytes?: number
  readonly reserveBytes?: number
  readonly keptRevisions?: number
}

export async function openTestSpace(options: TestSpaceOptions = {}): Promise<TestSpace> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'ownspace-pushes-'))
  const path = join(folder, 'ownspace.db')
  const { minFreeBytes = 0, reserveBytes = 0 } = options
  const disk = openDiskGuard({ dir: folder, reserveBytes, minFreeBytes, log: silentLogger })
  await disk.replenish()
  const migrations = [...storageMigrations, ...serverMigrations]
  const sealer = createSealer(randomBytes(32))
  const db = await openDatabase<ServerTables>(path, migrations, disk ? { room: disk } : {})
  const owner = newId<UserId>('usr')
  const app = await createApp(db, { ownerId: owner, name: 'notes', alias: '', nowMs: 1 })
  const test = new Harness(db, sealer, folder, owner, app, disk, options)
  await test.start()
  return test
}

class Harness implements TestSpace {
  readonly folders: Folders
  readonly caches: BuildCaches
  readonly runner = new ManualRunner()
  readonly published: DirectoryChange[] = []
  services!: TestServices
  build = buildAnything
  activeMicros = async (): Promise<readonly MicroRef[] | null> => []
  limits: Partial<PushLimits> = {}
  spacefile = SPACEFILE
  untilDrained = async (_address: UpstreamAddress, _signal: AbortSignal) => {}
  lookUpTxt: TxtLookup = async () => ({ kind: 'no-answer' })
  tellNote: (note: LogNote) => void = () => {}
  #nowMs = 1_000
  #wake: (instanceId: string, micro: string) => Promise<WakeResult> = () =>
    Promise.reject(new Error('no handler'))

  constructor(
    readonly db: Database<ServerTables>,
    readonly sealer: Sealer,
    readonly folder: string,
    readonly owner: UserId,
    readonly app: App,
    readonly disk: DiskGuard,
    readonly options: TestSpaceOptions,
  ) {
    this.folders = openFolders(folder)
    this.caches = openBuildCaches({
      dir: join(folder, 'cache'),
      appBytes: Number.POSITIVE_INFINITY,
      totalBytes: Number.POSITIVE_INFINITY,
      hasRoom: disk.hasRoom,
      log: silentLogger,
    })
  }

  async start(): Promise<void> {
    this.services = await startTestServices({
      db: this.db,
      sealer: this.sealer,
      folders: this.folders,
      hosts: createAppHosts({ domain: 'space.localhost', homeOrigin: 'http://space.localhost:7070' }),
      runner: this.runner,
      lookUpTxt: (name) => this.lookUpTxt(name),
      publisher: {
        publish: async (changes) => void this.published.push(...changes),
        onWake: (handler) => (this.#wake = handler),
        onAskCrash: () => {},
        activeMicros: () => this.activeMicros(),
        untilDrained: (address, signal) => this.untilDrained(address, signal),
        onNote: (handler) => (this.tellNote = handler),
      },
      limits: this.limits,
      build: (input) => this.build(input),
      caches: this.caches,
      disk: this.disk,
      keptRevisions: this.options.keptRevisions ?? 10,
      log: silentLogger,
      now: () => this.#nowMs++,
    })
  }

  get pushes() {
    return this.services.pushes
  }

  get instances() {
    return this.services.instances
  }

  get processes() {
    return this.services.processes
  }

  get domains() {
    return this.services.domains
  }

  get sync() {
    return this.services.sync
  }

  wake = (instanceId: string, micro: string) => this.#wake(instanceId, micro)

  async push(tag: string, { icon, rebuild = false, digest }: PushOptions = {}): Promise<Build> {
    const build = await createBuild(this.db, {
      appId: this.app.id,
      tag,
      autoPwa: false,
      nowMs: this.#nowMs++,
    })
    await this.pushes.putManifest(build, new TextEncoder().encode(this.spacefile))
    const path = join(this.folders.uploads, `incoming-${build.id}`)
    if (digest === undefined) writeFileSync(path, 'zip')
    if (icon) await this.pushes.putIcon(build, icon)
    await this.pushes.start(this.app, build, {
      archive: digest === undefined ? { path } : { digest },
      rebuild,
    })
    return build
  }

  async outcome({ id }: Build): Promise<Outcome> {
    const logs = [await this.#log(id)]
    const [release] = await listReleases(this.db, this.owner, { buildId: id, limit: 1 })
    if (release) logs.push(await this.#log(release.id))
    const found = await listInstallations(this.db, this.owner, { releaseId: release?.id ?? 'none', limit: 1 })
    const [installation] = found
    if (installation) logs.push(await this.#log(installation.id))
    const ended = await listInstallations(this.db, this.owner, { releaseId: release?.id ?? 'none', limit: 1 })
    const [instance] = await listInstances(this.db, this.owner)
    return {
      build: (await requireBuild(this.db, this.owner, id)).status,
      release: release
        ? (await listReleases(this.db, this.owner, { buildId: id, limit: 1 }))[0]!.status
        : null,
      installation: ended[0]?.status ?? null,
      log: logs.join(''),
      serving: instance ? (await getInstance(this.db, instance.id))!.revisionTag : null,
    }
  }

  async crash(): Promise<void> {
    this.runner.running.clear()
    this.published.length = 0
    await this.start()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.services[Symbol.asyncDispose]()
    await this.caches[Symbol.asyncDispose]()
    await this.db.destroy()
    if (!this.options.folder) rmSync(this.folder, { recursive: true, force: true })
  }

  #log(id: string): Promise<string> {
    return new Response(this.pushes.readLog(id, { follow: true })).text()
  }
}

/** As a build of the bytes that the serving revision has. */
export const buildNothing =
  (micros: () => readonly BuiltMicro[]) =>
  async ({ serving }: BuildInput): Promise<BuildResult> => {
    if (serving === undefined) throw new Error('no revision serves')
    return { kind: 'unchanged', micros: micros() }
  }

/** Each micro is a process in a folder of its own. */
async function buildAnything({ spacefile, outDir, onLine }: BuildInput): Promise<BuildResult> {
  onLine('building')
  mkdirSync(outDir)
  const micros = spacefile.micros.map(({ name }) => {
    mkdirSync(join(outDir, name))
    return { name, kind: 'process', dir: name, command: `run ${name}`, env: { ENGINE: 'test' } } as const
  })
  return { kind: 'built', micros }
}
