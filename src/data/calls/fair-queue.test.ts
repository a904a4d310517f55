import { describe, expect, test } from 'bun:test'
import { FairQueue, type FairQueueOptions, type Release } from './fair-queue.ts'

const queueOf = (options: Partial<FairQueueOptions> = {}) =>
  new FairQueue({ places: 4, perOwner: 2, waiting: 10, waitMs: 60_000, ...options })

function takeNow(queue: FairQueue, owner: string, places = 1): Release {
  const taken = queue.take(owner, places)
  if (taken === null || taken instanceof Promise) throw new Error(`${owner} has to wait`)
  return taken
}

describe('places', () => {
  test('are never all of one owner', () => {
    const queue = queueOf()
    takeNow(queue, 'busy')
    takeNow(queue, 'busy')
    expect(queue.take('busy', 1)).toBeInstanceOf(Promise)
    takeNow(queue, 'other')
  })

  test('are given to owners in turn, however many tasks one of them has', async () => {
    const queue = queueOf({ places: 1, perOwner: 1 })
    const order: string[] = []
    const run = async (owner: string, name: string) => {
      const release = await queue.take(owner, 1)
      order.push(name)
      await Promise.resolve()
      release?.()
    }
    const first = takeNow(queue, 'busy')
    const all = [
      run('busy', 'busy 1'),
      run('busy', 'busy 2'),
      run('busy', 'busy 3'),
      run('calm', 'calm'),
      run('other', 'other'),
    ]
    first()
    await Promise.all(all)
    expect(order).toEqual(['busy 1', 'calm', 'other', 'busy 2', 'busy 3'])
    expect(queue.size).toBe(0)
  })

  test('for a task larger than the share of its owner are the whole share', () => {
    const queue = queueOf()
    const release = takeNow(queue, 'busy', 100)
    expect(queue.take('busy', 1)).toBeInstanceOf(Promise)
    takeNow(queue, 'other', 2)
    release()
  })
})

describe('a wait', () => {
  test('is refused when too many tasks of the owner wait', () => {
    const queue = queueOf({ waiting: 1 })
    takeNow(queue, 'busy', 2)
    expect(queue.take('busy', 1)).toBeInstanceOf(Promise)
    expect(queue.take('busy', 1)).toBeNull()
    takeNow(queue, 'other')
  })

  test('ends after its limit', async () => {
    const queue = queueOf({ waitMs: 1 })
    const release = takeNow(queue, 'busy', 2)
    expect(await queue.take('busy', 1)).toBeNull()
    release()
    expect(queue.size).toBe(0)
  })

  test('ends with its client, and the next in line takes its turn', async () => {
    const queue = queueOf()
    takeNow(queue, 'busy')
    const client = new AbortController()
    const large = queue.take('busy', 2, () => client.signal)
    const small = queue.take('busy', 1)
    client.abort()
    expect(await large).toBeNull()
    expect(await small).toBeFunction()
  })

  test('does not begin for a client that is gone', () => {
    const queue = queueOf()
    takeNow(queue, 'busy', 2)
    expect(queue.take('busy', 1, () => AbortSignal.abort())).toBeNull()
  })
})
