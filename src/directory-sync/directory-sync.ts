import type {
  DirectoryChange,
  DirectoryPublisher,
  InstanceEntry,
  MicroRef,
  UpstreamAddress,
} from '../directory/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import { createKeyedQueue } from '../kernel/keyed-queue.ts'
import { type Database, transaction } from '../storage/index.ts'
import { Commit, type RecordedChange } from './commit.ts'

/** The entry of an instance as its rows and processes are now; null when there is no such instance. */
export type DescribeInstance = (id: InstanceId) => Promise<InstanceEntry | null>

export interface DirectorySyncOptions<Tables> {
  readonly db: Database<Tables>
  readonly publisher: Pick<DirectoryPublisher, 'publish'>
  readonly describe: DescribeInstance
}

/** Keeps every gateway equal to the database. */
export class DirectorySync<Tables> {
  readonly #options: DirectorySyncOptions<Tables>
  /** Entries are read and published one after the other, or an older state of an instance could be published last. */
  readonly #inOrder = createKeyedQueue({ atOnce: Infinity, waiting: Infinity })

  constructor(options: DirectorySyncOptions<Tables>) {
    this.#options = options
  }

  /**
   * Runs `work` in one transaction and publishes what it recorded. Resolves with its result once every gateway has the
   * changes, so that a right that was taken away is refused from then on. A throw rolls back and publishes nothing.
   *
   * @example await sync.commit((commit) => deleteApiKey(commit, instance.id, keyId))
   */
  async commit<Result>(work: (commit: Commit<Tables>) => Promise<Result>): Promise<Result> {
    const { commit, result } = await transaction(this.#options.db, async (trx) => {
      const commit = new Commit<Tables>(trx)
      return { commit, result: await work(commit) }
    })
    await this.#publish(commit.recorded)
    return result
  }

  /** Publishes an instance again, for a change that is not in the database: where its processes listen. */
  refresh(id: InstanceId): Promise<void> {
    return this.#inOrder.run(id, async () => {
      const instance = await this.#options.describe(id)
      await this.#send([instance ? { op: 'instance.put', instance } : { op: 'instance.delete', id }])
    })
  }

  /** A micro of the revision that serves listens at `address`; null: it does not run. */
  setUpstream({ instanceId, micro }: MicroRef, address: UpstreamAddress | null): Promise<void> {
    return this.#send([{ op: 'upstream.set', instanceId, micro, address }])
  }

  /** Publishes what there is, before the first gateway connects. */
  load(changes: readonly DirectoryChange[]): Promise<void> {
    return this.#send(changes)
  }

  async #publish(recorded: readonly RecordedChange[]): Promise<void> {
    let batch: DirectoryChange[] = []
    for (const change of recorded) {
      if (change.op !== 'instance.refresh') batch.push(change)
      else {
        await this.#send(batch)
        batch = []
        await this.refresh(change.id)
      }
    }
    await this.#send(batch)
  }

  async #send(changes: readonly DirectoryChange[]): Promise<void> {
    if (changes.length > 0) await this.#options.publisher.publish(changes)
  }
}
