import type { DirectoryChange } from '../directory/index.ts'
import type { InstanceId } from '../kernel/ids.ts'
import type { Database } from '../storage/index.ts'

/** A session, a key or a data key as it now is, or an instance to be described from its rows once they are committed. */
export type RecordedChange =
  | Extract<
      DirectoryChange,
      {
        op: 'session.put' | 'session.delete' | 'key.put' | 'key.delete' | 'dataKey.put' | 'dataKey.delete'
      }
    >
  | { readonly op: 'instance.refresh'; readonly id: InstanceId }

/**
 * One transaction whose changes reach every gateway before its caller continues. `Tables` are the tables that the
 * holder may touch. Made by `DirectorySync.commit` alone: the class is exported as a type only.
 */
export class Commit<Tables> {
  /** Rows are read and written through this handle only. */
  readonly trx: Database<Tables>
  readonly #recorded: RecordedChange[] = []

  constructor(trx: Database<Tables>) {
    this.trx = trx
  }

  /** Publishes the changes, in this order, once the transaction is committed. */
  record(...changes: readonly RecordedChange[]): void {
    this.#recorded.push(...changes)
  }

  /** What was recorded, in order. */
  get recorded(): readonly RecordedChange[] {
    return this.#recorded
  }
}
