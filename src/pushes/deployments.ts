import {
  type App,
  type AppsTables,
  type Build,
  failOperation,
  setBuildIcon,
  startBuild,
} from '../projects/index.ts'
import { type BuildExposure, exposureOfPush, getBuildExposure, setBuildExposure } from '../exposure/index.ts'
import {
  type Instance,
  deleteInstance,
  replaceOverrides,
  rotateInternalKey,
  type DirectoryFeed,
  type Publisher,
  createDirectoryFeed,
  type AppHosts,
  type MicroRunner,
  processIds,
} from '../instances/index.ts'
import { type Pruned, deleteApp, pruneBuilds } from './retention.ts'
import { keyEntry, listAllApiKeys } from '../keys/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import type { Override } from '../access/index.ts'
import type { AccountsTables } from '../people/index.ts'
import { endAppSessionsOf, listAppSessions } from '../sessions/index.ts'
import type { BuildCaches, BuildInput, BuildResult, CacheUse } from '../builds/index.ts'
import { type Database, type Sealer, type Folders } from '../storage/index.ts'
import { type DiskGuard, type DiskSpace, removeTree } from '../disk/index.ts'
import { conflict } from '../kernel/http-error.ts'
import type { AppId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/log.ts'
import { type Domains, createDomains, type TxtLookup } from '../domains/index.ts'
import { exposureLines } from './exposure-lines.ts'
import { type Lanes, createKeyedQueue } from '../kernel/keyed-queue.ts'
import { LogStore } from './log-store.ts'
import { DEPLOY_LIMITS, type DeployLimits } from './limits.ts'
import { type Push, deploy } from './pipeline.ts'
import { clearSpareFiles } from './spare-files.ts'
import { runStartChecks } from './start-checks.ts'
import { readManifest, requirePending, storeArchive, storeIcon, storeManifest } from './uploads.ts'

interface PushedCode {
  readonly archivePath: string
  /** Begin the log with what the push changes about what is public. */
  readonly logsExposure?: boolean
}

export interface DeploymentsDeps {
  readonly db: Database<AppsTables & AccountsTables>
  readonly sealer: Sealer
  readonly folders: Folders
  readonly hosts: AppHosts
  readonly runner: MicroRunner
  readonly publisher: Publisher
  /** Of which every instance's identity key is derived (`requireIdentitySecret`). */
  readonly identitySecret: string
  /** `buildRevision` of the builds room, with its own parts. */
  readonly build: (input: BuildInput) => Promise<BuildResult>
  readonly caches: Pick<BuildCaches, 'keepOnly' | 'remove' | 'makeRoom' | 'trim' | 'use'>
  readonly disk: DiskGuard
  /** Old revisions of each app that are kept. */
  readonly keptRevisions: number
  /** Where the proofs of custom domains are looked up. */
  readonly lookUpTxt: TxtLookup
  /** Bounds that differ from the usual ones. */
  readonly limits?: Partial<DeployLimits>
  readonly log: Logger
  readonly now: () => number
}

export interface Storage {
  readonly disk: DiskSpace
  readonly caches: CacheUse
}

export type InstanceStatus = 'running' | 'asleep' | 'starting' | 'crashed' | 'updating'

/** For builds that end with the server to be noted as such. */
const LAST_ROWS_MS = 2_000

/** From uploads to instances that serve, and back to nothing. Ended by disposing. */
export class Deployments implements AsyncDisposable {
  readonly domains: Domains
  readonly sync: DirectorySync<AppsTables & AccountsTables>
  /** What the operator should know of what the start found. */
  readonly notices: readonly string[]
  readonly #deps: DeploymentsDeps
  readonly #feed: DirectoryFeed
  readonly #logBook: LogStore
  readonly #limits: DeployLimits
  readonly #lanes: Lanes
  readonly #builds = new AbortController()
  #isStopping = false

  /** Use `startDeployments`. */
  constructor(deps: DeploymentsDeps, feed: DirectoryFeed, notices: readonly string[]) {
    this.#deps = deps
    this.#feed = feed
    this.sync = feed.sync
    this.domains = createDomains({ ...deps, sync: feed.sync })
    this.notices = notices
    this.#limits = { ...DEPLOY_LIMITS, ...deps.limits }
    this.#lanes = createKeyedQueue({ atOnce: this.#limits.buildsAtOnce, waiting: this.#limits.pushesWaiting })
    this.#logBook = new LogStore(deps.folders.logs, this.#limits.workLogBytes)
  }

  /** Throws 507 when the disk has no room for a push, and none can be made by evicting caches. */
  async assertCapacity(): Promise<void> {
    const { caches, disk } = this.#deps
    if (!(await caches.makeRoom())) disk.assertCapacity()
  }

  /** Removes what is older than what is kept: pushes that were begun and never sent take space as well. */
  async prune(app: AppId): Promise<void> {
    await this.#erase(await pruneBuilds(this.#deps.db, app, this.#deps.keptRevisions))
  }

  /** How full the disk is, and what the build caches take of it. */
  storage(): Storage {
    const { caches, disk } = this.#deps
    return { disk: disk.space(), caches: caches.use() }
  }

  /** Returns what the push will open and close. Throws 400 with its diagnostics for a Spacefile that cannot be used. */
  async putManifest(build: Build, raw: Uint8Array): Promise<BuildExposure> {
    const { db, folders } = this.#deps
    requirePending(build)
    const { micros } = await storeManifest(folders, build, raw)
    const exposure = await exposureOfPush(db, build.appId, micros)
    await setBuildExposure(db, build.id, exposure)
    return exposure
  }

  /** Throws 400 for anything but an image of a known type. */
  async putIcon(build: Build, raw: Uint8Array): Promise<void> {
    requirePending(build)
    await setBuildIcon(this.#deps.db, build.id, await storeIcon(this.#deps.folders, build, raw))
  }

  /**
   * Takes the uploaded archive over and begins: archive → build → release → installation. Resolves when it has begun;
   * how it goes on is in the logs and the rows. A second push of an app waits for the first. Throws 409 when the build
   * has begun before or has no manifest, 429 when too many pushes of the app wait.
   */
  async start(app: App, build: Build, { archivePath, logsExposure = true }: PushedCode): Promise<void> {
    const { db, folders } = this.#deps
    requirePending(build)
    await this.assertCapacity()
    const spacefile = await readManifest(folders, build)
    this.#lanes.assertCapacity(app.id)
    if (!(await startBuild(db, build.id)))
      throw conflict('This push has been started already; begin a new one')
    try {
      await storeArchive(folders, build, archivePath)
      const exposure = logsExposure ? await getBuildExposure(db, build.id) : null
      const writer = this.#logBook.begin(build.id)
      for (const line of exposure ? exposureLines(exposure) : []) writer.line(line)
      this.#run({ app, build, spacefile, writer })
    } catch (error) {
      await failOperation(db, 'builds', build.id, 'internal-error', 'The upload could not be stored')
      throw error
    }
  }

  /** Log of a build, release or installation; with `follow` until it ends. */
  readLog(id: string, options: { follow: boolean }): ReadableStream<Uint8Array> {
    return this.#logBook.read(id, options)
  }

  statusOf(instance: Instance): InstanceStatus {
    if (this.#lanes.isBusy(instance.appId)) return 'updating'
    const processes = processIds(instance, this.#feed.runOf(instance.id))
    const statuses = processes.map((id) => this.#deps.runner.status(id))
    if (statuses.length === 0) return 'running'
    return (
      (['crashed', 'starting', 'running'] as const).find((status) => statuses.includes(status)) ?? 'asleep'
    )
  }

  /** The icon that was pushed with the revision that serves. */
  iconOf(instance: Instance): Bun.BunFile {
    return Bun.file(this.#deps.folders.icon(instance.buildId))
  }

  /** Ends and erases the instance; it is refused everywhere when this resolves. Its app and revisions stay. */
  async remove(instance: Instance): Promise<void> {
    const { runner } = this.#deps
    await this.sync.commit(async (commit) => {
      await deleteInstance(commit, instance.id)
      await endAppSessionsOf(commit, instance.id)
    })
    await this.#feed.end(instance)
    runner.deleteLogs(instance.id)
  }

  /** Erases an app that nothing runs of, with its revisions and logs. Throws 409 while it has an instance or is updated. */
  async removeApp(app: App): Promise<void> {
    // A push that waits, or whose instance was deleted meanwhile, still needs its rows.
    if (this.#lanes.isBusy(app.id)) throw conflict('The app is being updated; try again when that is done')
    await this.#erase(await deleteApp(this.#deps.db, app.id))
    await this.#deps.caches.remove(app.id)
  }

  /** Replaces what the owner took back of what is public; it holds everywhere when this resolves. */
  async setOverrides(instance: Instance, overrides: readonly Override[]): Promise<void> {
    const { now } = this.#deps
    await this.sync.commit((commit) => replaceOverrides(commit, instance.id, overrides, now()))
  }

  /**
   * Gives the instance a new `DETA_API_KEY`: the old one is refused everywhere when this resolves, and its micros start
   * again with the new one. Throws 409 while a push is about to start them with the old one.
   */
  async rotateInternalKey(instance: Instance): Promise<void> {
    const { sealer } = this.#deps
    if (this.#lanes.isBusy(instance.appId))
      throw conflict('The app is being updated; try again when that is done')
    await this.#lanes.run(instance.appId, async () => {
      await this.sync.commit((commit) => rotateInternalKey(commit, sealer, instance.id))
      await this.#feed.restart(instance.id)
    })
  }

  /**
   * Its processes start again, with new settings, for the next request. The old ones answer what they had begun.
   */
  restart(instance: Instance): Promise<void> {
    return this.#feed.restart(instance.id)
  }

  /** Puts to sleep what nobody has used for so long; the next request wakes it. */
  sleepIdle(idleAfterMs: number): Promise<void> {
    return this.#feed.sleepIdle(idleAfterMs)
  }

  /** Takes a moment for what is nearly done; anything else is marked as broken off at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true
    this.#feed.close()
    this.#logBook[Symbol.dispose]()
    await this.#idleWithin(this.#limits.lastPushMs)
    // A process that still runs a build would only end when it is killed.
    this.#builds.abort()
    await this.#idleWithin(LAST_ROWS_MS)
  }

  #idleWithin(limitMs: number): Promise<unknown> {
    return Promise.race([this.#lanes.idle(), new Promise((over) => setTimeout(over, limitMs).unref())])
  }

  #run(push: Push): void {
    const isStopping = () => this.#isStopping
    const pipeline = {
      ...this.#deps,
      feed: this.#feed,
      logBook: this.#logBook,
      isStopping,
      buildSignal: this.#builds.signal,
    }
    if (this.#lanes.isBusy(push.app.id)) push.writer.line('Waiting for an earlier push of this app')
    this.#lanes
      .run(push.app.id, async () => {
        if (!this.#isStopping) await deploy(pipeline, push)
      })
      .then(() => this.prune(push.app.id))
      .catch((error: unknown) =>
        this.#deps.log.error('deployment broke off', { build: push.build.id }, error),
      )
  }

  /** Files whose rows are gone. */
  async #erase({ builds, logs }: Pruned): Promise<void> {
    const { folders } = this.#deps
    for (const build of builds) {
      // A replaced process may still read its files.
      await this.#feed.drained(build)
      for (const path of [folders.upload(build), folders.revision(build)]) await removeTree(path)
    }
    await this.#logBook.remove(logs)
  }
}

/** Makes files and rows agree, and publishes all that serves. */
export async function startDeployments(deps: DeploymentsDeps): Promise<Deployments> {
  const notices = await runStartChecks(deps)
  await clearSpareFiles(deps)
  const feed = createDirectoryFeed({ ...deps, ...DEPLOY_LIMITS, ...deps.limits })
  await feed.load()
  await feed.sync.load([
    ...(await listAllApiKeys(deps.db)).map((key) => ({ op: 'key.put', key: keyEntry(key) }) as const),
    ...(await listAppSessions(deps.db, deps.now())).map(
      (session) => ({ op: 'session.put', session }) as const,
    ),
  ])
  return new Deployments(deps, feed, notices)
}
