import { describe, expect, test } from 'bun:test'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger, silentLogger } from '../kernel/log.ts'
import { isDiskFull, isNearlyFull, openDiskGuard } from './index.ts'
import { canMount, openSmallDisk } from './testing/small-disk.ts'

const MB = 1e6

describe.skipIf(!canMount())('the reserve', () => {
  const open = (dir: string, sizes: { reserveBytes?: number; minFreeBytes?: number } = {}) =>
    openDiskGuard({ dir, reserveBytes: 2 * MB, minFreeBytes: 2 * MB, log: silentLogger, ...sizes })

  test('takes its space on the disk when there is room', async () => {
    using disk = openSmallDisk(8)!
    await open(disk.dir).replenish()
    const { size, blocks, mode } = statSync(join(disk.dir, 'reserve'))
    expect([size, blocks * 512 >= 2 * MB, mode & 0o777]).toEqual([2 * MB, true, 0o600])
  })

  test('is not made on a disk that has little left', async () => {
    using disk = openSmallDisk(3)!
    await open(disk.dir).replenish()
    expect(existsSync(join(disk.dir, 'reserve'))).toBe(false)
  })

  test('stays while there is room, is released once on a full disk, and is made again', async () => {
    using disk = openSmallDisk(20)!
    const lines: string[] = []
    const log = createLogger('test', 'warn', (line) => void lines.push(line))
    const guard = openDiskGuard({ dir: disk.dir, reserveBytes: 2 * MB, minFreeBytes: 2 * MB, log })
    await guard.replenish()
    guard.beforeWrite()
    expect(existsSync(join(disk.dir, 'reserve'))).toBe(true)
    disk.fill()
    guard.beforeWrite()
    guard.beforeWrite()
    expect(existsSync(join(disk.dir, 'reserve'))).toBe(false)
    expect(guard.space().availableBytes).toBeGreaterThan(1.9 * MB)
    expect(lines).toEqual([expect.stringContaining('the reserve was released')])
    await guard.replenish()
    expect(existsSync(join(disk.dir, 'reserve'))).toBe(false)
    disk.clear()
    await guard.replenish()
    expect(existsSync(join(disk.dir, 'reserve'))).toBe(true)
  })

  test('is found again by the next server, and released at its start on a full disk', async () => {
    using disk = openSmallDisk(8)!
    await open(disk.dir).replenish()
    disk.fill()
    open(disk.dir)
    expect(existsSync(join(disk.dir, 'reserve'))).toBe(false)
  })

  test('of another size, or half made, is removed', () => {
    using disk = openSmallDisk(8)!
    for (const name of ['reserve', 'reserve.part']) writeFileSync(join(disk.dir, name), 'short')
    open(disk.dir)
    expect(['reserve', 'reserve.part'].map((name) => existsSync(join(disk.dir, name)))).toEqual([
      false,
      false,
    ])
  })

  test('keeps builds and logs out while the database lives on it', async () => {
    using disk = openSmallDisk(20)!
    const guard = open(disk.dir, { reserveBytes: 6 * MB, minFreeBytes: 8 * MB })
    await guard.replenish()
    expect([guard.hasRoom(), guard.hasRoomForLogs()]).toEqual([true, true])
    disk.fill()
    expect([guard.hasRoom(), guard.hasRoomForLogs()]).toEqual([false, true])
    guard.beforeWrite()
    expect([guard.hasRoom(), guard.hasRoomForLogs()]).toEqual([false, false])
    expect(() => guard.assertCapacity()).toThrow(/6(\.\d)? MB left, and pushes need 8 MB/)
  })

  test('a disk that is full says so', () => {
    using disk = openSmallDisk(2)!
    const guard = open(disk.dir)
    expect(isNearlyFull(guard.space())).toBe(false)
    disk.fill()
    expect([isNearlyFull(guard.space()), guard.space().availableBytes]).toEqual([true, 0])
  })
})

test('a full disk is known by any error that it causes', () => {
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
  expect(isDiskFull(full)).toBe(true)
  expect(isDiskFull(new Error('could not store', { cause: full }))).toBe(true)
  expect(isDiskFull(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }))).toBe(true)
  expect(isDiskFull(new Error('ENOSPC'))).toBe(false)
  expect(isDiskFull('ENOSPC')).toBe(false)
})
