import { addUses, type UseCount as InstanceUse } from './usage.ts'
import type { DirectoryPublisher, UseCount } from '../directory/index.ts'
import { noteDataKeyUses } from '../collections/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { Database } from '../storage/index.ts'
import type { ExposureTables } from './schema.ts'
import { type SessionsTables, prolongUsedSessions } from '../sessions/index.ts'

/** Counts that may wait for the disk; further ones are dropped. */
const WAITING_MAX = 50_000

interface UsageRecorderDeps {
  readonly db: Database<ExposureTables>
  readonly sync: DirectorySync<SessionsTables>
  readonly publisher: Pick<DirectoryPublisher, 'onUse'>
  readonly log: Logger
  readonly now: () => number
}

/**
 * Stores the counts that gateways report, a batch at a time; counts that wait when a process dies are lost. Using an app
 * also prolongs the Home session from which its session began. Disposing waits for the current batch.
 */
export function startUsageRecorder(deps: UsageRecorderDeps): AsyncDisposable {
  let waiting: UseCount[] = []
  let writing: Promise<void> | null = null
  let isOver = false

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const counts = waiting
      waiting = []
      await write(deps, counts).catch((error: unknown) => deps.log.error('uses were not written', {}, error))
    }
    writing = null
  }
  deps.publisher.onUse((counts) => {
    if (isOver) return
    waiting.push(...counts.slice(0, WAITING_MAX - waiting.length))
    writing ??= writeAll()
  })
  return {
    async [Symbol.asyncDispose]() {
      isOver = true
      await writing
    },
  }
}

async function write({ db, sync, now }: UsageRecorderDeps, counts: readonly UseCount[]): Promise<void> {
  await addUses(db, counts.filter(isOfInstance))
  await noteDataKeyUses(
    db,
    counts.filter(({ kind }) => kind === 'dataKey'),
  )
  const used = counts.filter(({ kind }) => kind === 'session').map(({ id }) => id)
  await sync.commit((commit) => prolongUsedSessions(commit, used, now()))
}

const isOfInstance = (count: UseCount): count is InstanceUse => count.kind !== 'dataKey'
