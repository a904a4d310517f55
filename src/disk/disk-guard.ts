import { randomBytes } from 'node:crypto'
import { rmSync, statSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { HttpError } from '../kernel/http-error.ts'
import type { Logger } from '../kernel/log.ts'
import { type DiskSpace, diskSpace } from './disk-space.ts'
import { formatBytes } from './format-bytes.ts'

export interface DiskGuardOptions {
  /** The data folder. */
  readonly dir: string
  /** Size of the reserve; 0: none. */
  readonly reserveBytes: number
  /** With less free space, builds, uploads and logs are refused. */
  readonly minFreeBytes: number
  readonly log: Logger
}

export interface DiskGuard {
  space(): DiskSpace
  /** Whether there is enough space for builds and uploads. */
  hasRoom(): boolean
  /** Throws 507 with the free space and how to free more. */
  assertCapacity(): void
  /** Whether output of apps may be stored: not while the database uses the reserve. */
  hasRoomForLogs(): boolean
  /** Called before each write of the database. Releases the reserve if the disk is nearly full. */
  beforeWrite(): void
  /** Releases the reserve now; called after a write that failed on a full disk. */
  release(): void
  /** Creates the reserve if it is missing and there is space for it. */
  replenish(): Promise<void>
}

/** With less free space, the next transaction may fail. */
const LOW_BYTES = 8_000_000
const CHUNK_BYTES = 1_000_000

/**
 * Keeps the database writable on a full disk. A file of `reserveBytes` in the data folder is deleted when the disk is
 * nearly full, so that sign-in, deletion and revocation work. It is created again when there is enough space.
 */
export function openDiskGuard({ dir, reserveBytes, minFreeBytes, log }: DiskGuardOptions): DiskGuard {
  const path = join(dir, 'reserve')
  let isHeld = statSync(path, { throwIfNoEntry: false })?.size === reserveBytes && reserveBytes > 0
  let isMaking = false
  const logsStopAt = reserveBytes > 0 ? minFreeBytes : Math.min(LOW_BYTES, minFreeBytes)
  const available = () => diskSpace(dir).availableBytes
  const release = () => {
    if (!isHeld) return
    isHeld = false
    rmSync(path, { force: true })
    log.warn('the disk is full; the reserve was released for the database')
  }
  const guard: DiskGuard = {
    space: () => diskSpace(dir),
    hasRoom: () => available() >= minFreeBytes,
    assertCapacity() {
      const left = available()
      if (left < minFreeBytes) throw noRoom(left, minFreeBytes)
    },
    hasRoomForLogs: () => isHeld || available() >= logsStopAt,
    beforeWrite() {
      if (isHeld && available() < Math.min(LOW_BYTES, reserveBytes)) release()
    },
    release,
    async replenish() {
      if (isHeld || isMaking || reserveBytes === 0 || available() < reserveBytes + minFreeBytes) return
      isMaking = true
      try {
        await fill(`${path}.part`, reserveBytes)
        await rename(`${path}.part`, path)
        isHeld = true
      } catch (error) {
        rmSync(`${path}.part`, { force: true })
        log.warn('the reserve could not be created', { reason: (error as Error).message })
      } finally {
        isMaking = false
      }
    },
  }
  // Has another size, or is incomplete because the server was stopped.
  if (!isHeld) for (const file of [path, `${path}.part`]) rmSync(file, { force: true })
  guard.beforeWrite()
  return guard
}

/** Not zeros: compressing file systems would reserve no space for them. */
async function fill(path: string, bytes: number): Promise<void> {
  await using file = await open(path, 'w', 0o600)
  const chunk = randomBytes(CHUNK_BYTES)
  for (let left = bytes; left > 0; left -= CHUNK_BYTES)
    await file.writeFile(chunk.subarray(0, Math.min(left, CHUNK_BYTES)))
}

const noRoom = (left: number, minFreeBytes: number) =>
  new HttpError(
    507,
    'no_space',
    `The server's disk has ${formatBytes(left)} left, and pushes need ${formatBytes(minFreeBytes)}. Delete an app that is no longer needed, or free space on the server, then push again.`,
  )
