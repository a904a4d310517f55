import type { Override } from '../access/index.ts'
import {
  type Collection,
  type CollectionService,
  type DataForStrangers,
  rotateAppDataKey,
  setDataForStrangers,
} from '../collections/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import { conflict } from '../kernel/http-error.ts'
import type { KeyedQueue } from '../kernel/keyed-queue.ts'
import type { Folders, Sealer } from '../storage/index.ts'
import { rotateInternalKey } from './credentials.ts'
import type { InstanceProcesses } from './instance-processes.ts'
import { type Instance, type InstanceEnd, deleteInstance } from './instances.ts'
import type { MicroRunner } from '../runner/index.ts'
import { replaceOverrides } from './overrides.ts'

import { processesOf } from './process-spec.ts'
import type { InstancesTables } from './schema.ts'
import { type SessionsTables, endAppSessionsOf } from '../sessions/index.ts'

export type InstanceStatus = 'running' | 'asleep' | 'starting' | 'crashed' | 'updating'

export interface InstanceServiceDeps {
  readonly sealer: Sealer
  readonly folders: Folders
  readonly sync: Pick<DirectorySync<InstancesTables & SessionsTables>, 'commit'>
  readonly runner: Pick<MicroRunner, 'status' | 'deleteLogs'>
  readonly processes: Pick<InstanceProcesses, 'runOf' | 'end' | 'restart'>
  readonly collections: Pick<CollectionService, 'settle'>
  /** By app: whatever replaces the processes of its instances waits here for its turn. */
  readonly queue: KeyedQueue
  readonly now: () => number
}

/** What an owner does with an instance between two updates. */
export class InstanceService {
  readonly #deps: InstanceServiceDeps

  constructor(deps: InstanceServiceDeps) {
    this.#deps = deps
  }

  statusOf(instance: Instance): InstanceStatus {
    const { queue, processes, runner } = this.#deps
    if (queue.isBusy(instance.appId)) return 'updating'
    const statuses = processesOf(instance, processes.runOf(instance.id)).map((process) =>
      runner.status(process),
    )
    if (statuses.length === 0) return 'running'
    return (
      (['crashed', 'starting', 'running'] as const).find((status) => statuses.includes(status)) ?? 'asleep'
    )
  }

  /** The icon that was pushed with the revision that serves. */
  iconOf(instance: Instance): Bun.BunFile {
    return Bun.file(this.#deps.folders.icon(instance.buildId))
  }

  /**
   * Ends and erases the instance; every gateway refuses its requests when this resolves. Its app and revisions stay.
   * Returns the collection that its data is kept in; null: there was none, or it was deleted.
   */
  async remove(instance: Instance, end: InstanceEnd): Promise<Collection | null> {
    const { sync, processes, runner, collections } = this.#deps
    await sync.commit(async (commit) => {
      await deleteInstance(commit, instance, end)
      await endAppSessionsOf(commit, instance.id)
    })
    await processes.end(instance)
    runner.deleteLogs(instance.id)
    return collections.settle(instance.collectionId)
  }

  /** Replaces the owner's overrides of the Spacefile; every gateway applies them when this resolves. */
  async setOverrides(instance: Instance, overrides: readonly Override[]): Promise<void> {
    const { sync, now } = this.#deps
    await sync.commit((commit) => replaceOverrides(commit, instance.id, overrides, now()))
  }

  /** Limits the key of the app, from the next call of Base or Drive on; null: no limits. */
  async setDataForStrangers({ collectionId }: Instance, limits: DataForStrangers | null): Promise<void> {
    await this.#deps.sync.commit((commit) => setDataForStrangers(commit, collectionId, limits))
  }

  /**
   * Gives the instance a new `DETA_API_KEY`: every gateway refuses the old one when this resolves, and new processes get
   * the new one. Throws 409 while a push is about to start processes with the old one.
   */
  async rotateInternalKey(instance: Instance): Promise<void> {
    const { sealer, sync } = this.#deps
    await this.#replaceKey(instance, () =>
      sync.commit((commit) => rotateInternalKey(commit, sealer, instance.id)),
    )
  }

  /** As `rotateInternalKey`, for `DETA_PROJECT_KEY`. */
  async rotateDataKey(instance: Instance): Promise<void> {
    const { sealer, sync, now } = this.#deps
    const wanted = { collectionId: instance.collectionId, nowMs: now() }
    await this.#replaceKey(instance, () => sync.commit((commit) => rotateAppDataKey(commit, sealer, wanted)))
  }

  async #replaceKey(instance: Instance, replace: () => Promise<void>): Promise<void> {
    const { processes, queue } = this.#deps
    if (queue.isBusy(instance.appId)) throw conflict('The app is being updated; try again when that is done')
    await queue.run(instance.appId, async () => {
      await replace()
      await processes.restart(instance.id)
    })
  }

  /** Starts its processes with new settings at the next request. The old ones finish the requests under way. */
  restart(instance: Instance): Promise<void> {
    return this.#deps.processes.restart(instance.id)
  }
}
