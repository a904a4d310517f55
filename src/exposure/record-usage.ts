import { type SessionsTables, prolongUsedSessions } from '../sessions/index.ts'
import { type UseCount, addUses } from './usage.ts'
import type { DirectoryPublisher } from '../directory/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { Database } from '../storage/index.ts'
import type { ExposureTables } from './schema.ts'

/** Counts of more than this many things wait for the disk; beyond it they are dropped. */
const MOST_WAITING = 50_000

interface LedgerDeps {
  readonly db: Database<ExposureTables>
  readonly sync: DirectorySync<SessionsTables>
  readonly directory: Pick<DirectoryPublisher, 'onUse'>
  readonly log: Logger
  readonly now: () => number
}

/**
 * Writes down what gateways have counted, every few seconds and a batch at a time; what is lost with a process is lost.
 * Using an app is using the session it grew from, so that lives on as well. Disposing waits for the batch under way.
 */
export function startLedger(deps: LedgerDeps): AsyncDisposable {
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
  deps.directory.onUse((counts) => {
    if (isOver) return
    waiting.push(...counts.slice(0, MOST_WAITING - waiting.length))
    writing ??= writeAll()
  })
  return {
    async [Symbol.asyncDispose]() {
      isOver = true
      await writing
    },
  }
}

async function write({ db, sync, now }: LedgerDeps, counts: readonly UseCount[]): Promise<void> {
  await addUses(db, counts)
  const used = counts.filter(({ kind }) => kind === 'session').map(({ id }) => id)
  await sync.commit((commit) => prolongUsedSessions(commit, used, now()))
}
