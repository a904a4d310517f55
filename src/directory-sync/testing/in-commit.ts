import type { Database } from '../../storage/index.ts'
import type { DirectoryChange } from '../../directory/index.ts'
import type { Commit } from '../commit.ts'
import { DirectorySync } from '../directory-sync.ts'

/** Calls a function that takes a commit, on a database without gateways. */
export function inCommit<Tables, Args extends unknown[], Result>(
  db: Database<Tables>,
  call: (commit: Commit<Tables>, ...args: Args) => Promise<Result>,
  ...args: Args
): Promise<Result> {
  return recordingSync(db).commit((commit) => call(commit, ...args))
}

/** A sync that keeps what it publishes; instances are published as deleted, since nothing describes them. */
export function recordingSync<Tables>(
  db: Database<Tables>,
  published: DirectoryChange[] = [],
): DirectorySync<Tables> {
  return new DirectorySync({
    db,
    publisher: { publish: async (changes) => void published.push(...changes) },
    describe: async () => null,
  })
}
