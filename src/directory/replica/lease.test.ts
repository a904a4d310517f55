import { beforeEach, describe, expect, test } from 'bun:test'
import { ORPHAN_MS, ORPHAN_STALL_MS, STALL_MS } from '../protocol.ts'
import { Lease } from './lease.ts'

let nowMs = 0
let asked = 0
let currency = new Lease(
  () => nowMs,
  () => asked++,
)

beforeEach(() => {
  nowMs = 1_000
  asked = 0
  currency = new Lease(
    () => nowMs,
    () => asked++,
  )
})

/** Time passes, and this process runs all the while. */
function run(ms: number): void {
  for (let passed = 0; passed < ms; passed += STALL_MS / 4) {
    nowMs += STALL_MS / 4
    currency.tick()
  }
}

describe('a copy', () => {
  test('is current once it is loaded, and as long as this process runs', () => {
    expect(currency.isCurrent).toBe(false)
    currency.loaded()
    run(100_000)
    expect(currency.isCurrent).toBe(true)
    expect(asked).toBe(0)
  })

  test('is not current after this process was stalled, until the platform has answered', () => {
    currency.loaded()
    nowMs += STALL_MS + 1
    expect(currency.isCurrent).toBe(false)
    expect(asked).toBe(1)
    run(1_000)
    expect(currency.isCurrent).toBe(false)
    currency.confirmed()
    expect(currency.isCurrent).toBe(true)
  })

  test('is not current either when the timer is the first to notice', () => {
    currency.loaded()
    nowMs += STALL_MS + 1
    currency.tick()
    expect(currency.isCurrent).toBe(false)
    expect(asked).toBe(1)
  })

  test('serves on without a platform, for a while', () => {
    currency.loaded()
    currency.disconnected()
    run(ORPHAN_MS - 1_000)
    expect(currency.isCurrent).toBe(true)
    run(2_000)
    expect(currency.isCurrent).toBe(false)
  })

  test('does not serve without a platform if it stood still just before: it may have been cut off', () => {
    currency.loaded()
    nowMs += STALL_MS + 1
    currency.disconnected()
    expect(currency.isCurrent).toBe(false)
    currency.confirmed()
    expect(currency.isCurrent).toBe(false)
    currency.loaded()
    expect(currency.isCurrent).toBe(true)
  })

  test('without a platform may be stalled for a moment, but not long enough to miss the return', () => {
    currency.loaded()
    currency.disconnected()
    nowMs += STALL_MS + 1
    expect(currency.isCurrent).toBe(true)
    nowMs += ORPHAN_STALL_MS + 1
    expect(currency.isCurrent).toBe(false)
  })

  test('that was lost is current again only when it is loaded again', () => {
    currency.loaded()
    currency.lost()
    currency.confirmed()
    currency.disconnected()
    expect(currency.isCurrent).toBe(false)
    currency.loaded()
    expect(currency.isCurrent).toBe(true)
  })

  test('that was never loaded is neither lost nor an orphan', () => {
    currency.lost()
    currency.disconnected()
    nowMs += STALL_MS * 10
    expect(currency.isCurrent).toBe(false)
    expect(asked).toBe(0)
  })
})

describe('waiting for a current copy', () => {
  test('ends when it is one', async () => {
    const waiting = currency.whenCurrent(60_000)
    currency.loaded()
    expect(await waiting).toBe(true)
    expect(await currency.whenCurrent(60_000)).toBe(true)
  })

  test('ends when the time is over', async () => {
    expect(await currency.whenCurrent(1)).toBe(false)
  })
})
