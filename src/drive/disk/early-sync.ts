import type { FileHandle } from 'node:fs/promises'

const SYNC_EVERY_BYTES = 4 * 1_048_576

export interface EarlySync {
  onWritten(bytes: number): void
  settled(): Promise<void>
}

/** Sends to the disk what came while more comes, so that the sync at the end has little left to do. */
export function createEarlySync(file: FileHandle): EarlySync {
  let unsynced = 0
  let running: Promise<void> | null = null
  return {
    onWritten(bytes: number) {
      unsynced += bytes
      if (unsynced < SYNC_EVERY_BYTES || running) return
      unsynced = 0
      // The sync at the end reports a disk that fails.
      running = file
        .datasync()
        .catch(() => {})
        .finally(() => (running = null))
    },
    settled: async () => void (await running),
  }
}
