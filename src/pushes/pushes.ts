import { type App, type Build, failOperation, setBuildIcon, startBuild } from '../projects/index.ts'
import { type BuildExposure, exposureOfPush, getBuildExposure, setBuildExposure } from '../exposure/index.ts'
import {
  type AuditPackages,
  type BuildBounds,
  type BuildCaches,
  type CacheUse,
  type PackageAudit,
  type PushedArchive,
  type Sbom,
  type ToolStore,
  type ToolUse,
  readSbom,
} from '../builds/index.ts'
import type { Collection } from '../collections/index.ts'
import { type DiskGuard, type DiskSpace, removeTree } from '../disk/index.ts'
import type { InstanceEnd } from '../instances/index.ts'
import { HttpError, conflict, notFound } from '../kernel/http-error.ts'
import type { AppId } from '../kernel/ids.ts'
import type { KeyedQueue } from '../kernel/keyed-queue.ts'
import { exposureLines } from './exposure-lines.ts'
import type { Folders } from '../storage/index.ts'
import type { PushLimits } from './limits.ts'
import { LogStore } from './log-store.ts'
import { type PipelineDeps, type Push, isServed, runPush } from './pipeline.ts'
import { type Pruned, deleteApp, pruneBuilds } from './retention.ts'
import { readSpacefile, requirePending, storeArchive, storeIcon, storeManifest } from './uploads.ts'

/** After builds were aborted: for their rows to be written. */
const LAST_ROWS_MS = 2_000

export interface PushesDeps extends Omit<PipelineDeps, 'logStore' | 'buildSignal' | 'isStopping'> {
  readonly caches: Pick<BuildCaches, 'remove' | 'makeRoom' | 'use'>
  readonly tools: Pick<ToolStore, 'use' | 'makeRoom'>
  readonly audit: AuditPackages
  readonly buildBounds: BuildBounds
  readonly disk: Pick<DiskGuard, 'assertCapacity' | 'space'>
  /** Old revisions of each app that are kept. */
  readonly keptRevisions: number
  readonly limits: Pick<PushLimits, 'workLogBytes' | 'lastPushMs'>
  /** By app: a second push of an app waits for the first. */
  readonly queue: KeyedQueue
}

export interface PushedCode {
  readonly archive: PushedArchive
  /** Begin the log with the routes that the push opens and closes. */
  readonly logsExposure?: boolean
  /** Build every micro, also those that have not changed. */
  readonly rebuild?: boolean
}

export interface Storage {
  readonly disk: DiskSpace
  readonly caches: CacheUse
  readonly tools: ToolUse
  readonly bounds: BuildBounds
}

/** From uploads to a revision that serves, and the removal of old revisions. Disposing waits a moment for running pushes. */
export class Pushes implements AsyncDisposable {
  readonly #deps: PushesDeps
  readonly #logStore: LogStore
  readonly #builds = new AbortController()
  #isStopping = false

  constructor(deps: PushesDeps) {
    this.#deps = deps
    this.#logStore = new LogStore(deps.folders.logs, deps.limits.workLogBytes)
  }

  /** Throws 507 when the disk has no room for a push, and none can be made by evicting caches and tools. */
  async assertCapacity(): Promise<void> {
    const { caches, tools, disk } = this.#deps
    if (!(await caches.makeRoom()) && !(await tools.makeRoom())) disk.assertCapacity()
  }

  /** Removes builds beyond those that are kept, including pushes that were begun and whose code never came. */
  async prune(app: AppId): Promise<void> {
    await this.#erase(await pruneBuilds(this.#deps.db, app, this.#deps.keptRevisions))
  }

  /** How full the disk is, what builds have left on it, and what limits them. */
  async storage(): Promise<Storage> {
    const { caches, disk, tools, buildBounds } = this.#deps
    return { disk: disk.space(), caches: caches.use(), tools: await tools.use(), bounds: buildBounds }
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
   * logs and rows show its progress. Throws 409 when the build has begun before or has no manifest, 429 when too many
   * pushes of the app wait, 404 for the digest of an archive from which the revision that serves was not built.
   */
  async start(
    app: App,
    build: Build,
    { archive, logsExposure = true, rebuild = false }: PushedCode,
  ): Promise<void> {
    const { db, folders, queue } = this.#deps
    requirePending(build)
    await this.assertCapacity()
    const spacefile = await readSpacefile(folders, build)
    if (queue.isFull(app.id)) throw tooManyPushes(queue.depth(app.id))
    if ('digest' in archive && !(await this.#isServed({ app, build, spacefile, archive })))
      throw notFound('The revision that runs was not built from this archive; upload it')
    if (!(await startBuild(db, build.id)))
      throw conflict('This push has been started already; start a new one: space push')
    try {
      if ('path' in archive) await storeArchive(folders, build, archive.path)
      const exposure = logsExposure ? await getBuildExposure(db, build.id) : null
      const writer = this.#logStore.begin(build.id)
      for (const line of exposure ? exposureLines(exposure) : []) writer.line(line)
      this.#enqueue({ app, build, spacefile, archive: archiveOf(folders, build, archive), rebuild, writer })
    } catch (error) {
      await failOperation(
        db,
        { table: 'builds', id: build.id },
        'internal-error',
        'The upload could not be stored',
      )
      throw error
    }
  }

  /** What a revision is made of, as CycloneDX; null when it is not built, or was before that was recorded. */
  readSbom({ id, codeOf, tag }: Build, subject: { name: string; createdAt: string }): Promise<Sbom | null> {
    return readSbom(this.#deps.folders.revision(codeOf ?? id), { ...subject, tag })
  }

  /** Which packages of a revision have known vulnerabilities; null when it has no list of packages. */
  async audit({ id, codeOf, tag }: Build): Promise<PackageAudit | null> {
    const subject = { name: '', createdAt: '', tag }
    const sbom = await readSbom(this.#deps.folders.revision(codeOf ?? id), subject)
    return sbom && (await this.#deps.audit(sbom.components.flatMap(({ purl }) => purl ?? [])))
  }

  /** Log of a build, release or installation; with `follow` until it ends. */
  readLog(id: string, options: { follow: boolean }): ReadableStream<Uint8Array> {
    return this.#logStore.read(id, options)
  }

  /**
   * Erases an app that has no instance, with its revisions and logs. Returns the collection that its data is kept in, if
   * there is any. Throws 409 while it has an instance or is being updated.
   */
  async removeApp(app: App, end: InstanceEnd): Promise<Collection | null> {
    const { sync, caches, queue, collections } = this.#deps
    // A push that waits, or whose instance was deleted while it ran, still needs its rows.
    if (queue.isBusy(app.id)) throw conflict('The app is being updated; try again when that is done')
    const deleted = await sync.commit((commit) => deleteApp(commit, app.id, end))
    await this.#erase(deleted)
    await caches.remove(app.id)
    return deleted.collectionId && collections.settle(deleted.collectionId)
  }

  /** A push that does not end in time is marked as interrupted at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopping = true
    this.#logStore[Symbol.dispose]()
    await this.#idleWithin(this.#deps.limits.lastPushMs)
    // A process that still runs a build would only end when it is killed.
    this.#builds.abort()
    await this.#idleWithin(LAST_ROWS_MS)
  }

  #idleWithin(limitMs: number): Promise<unknown> {
    return Promise.race([this.#deps.queue.idle(), new Promise((over) => setTimeout(over, limitMs).unref())])
  }

  /** Not while another push may change which code serves. */
  async #isServed(push: Pick<Push, 'app' | 'build' | 'spacefile' | 'archive'>): Promise<boolean> {
    return !this.#deps.queue.isBusy(push.app.id) && (await isServed(this.#deps, push))
  }

  #enqueue(push: Push): void {
    const { queue, log } = this.#deps
    const pipeline = {
      ...this.#deps,
      logStore: this.#logStore,
      buildSignal: this.#builds.signal,
      isStopping: () => this.#isStopping,
    }
    if (queue.isBusy(push.app.id)) push.writer.line('Waiting for an earlier push of this app')
    else if (queue.isSaturated()) push.writer.line('Waiting for the builds of other apps')
    queue
      .run(push.app.id, async () => {
        if (!this.#isStopping) await runPush(pipeline, push)
      })
      .then(() => this.prune(push.app.id))
      .catch((error: unknown) => log.error('push broke off', { build: push.build.id }, error))
  }

  /** Deletes files whose rows are gone. */
  async #erase({ builds, logs }: Pruned): Promise<void> {
    const { folders, processes } = this.#deps
    for (const build of builds) {
      // A replaced process may still read its files.
      await processes.drained(build)
      for (const path of [folders.upload(build), folders.revision(build)]) await removeTree(path)
    }
    await this.#logStore.remove(logs)
  }
}

/** Where an uploaded archive is while it is built. */
const archiveOf = (folders: Folders, { id }: Build, archive: PushedArchive): PushedArchive =>
  'path' in archive ? { path: folders.archive(id) } : archive

const tooManyPushes = (count: number) =>
  new HttpError(
    429,
    'rate_limited',
    `${count} pushes of this app are under way already; when one has finished, run: space push`,
  )
