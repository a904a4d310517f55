import { expect, test } from 'bun:test'
import { startPeriodic } from './periodic.ts'

function startRound(stopWithinMs?: number) {
  const begun = Promise.withResolvers<void>()
  const work = Promise.withResolvers<void>()
  const seen: string[] = []
  const rounds = startPeriodic({
    pauseMs: 1,
    stopWithinMs,
    run: async () => {
      begun.resolve()
      await work.promise
      seen.push('round ended')
    },
    onError: (error) => void seen.push((error as Error).message),
  })
  return { begun: begun.promise, work, seen, rounds }
}

test('a stop waits for the round under way, and no other begins', async () => {
  const { begun, work, seen, rounds } = startRound()
  await begun
  const stopped = rounds[Symbol.asyncDispose]().then(() => seen.push('stopped'))
  work.resolve()
  await stopped
  expect(seen).toEqual(['round ended', 'stopped'])
})

test('a stop does not wait for a round that does not end', async () => {
  const { begun, seen, rounds } = startRound(1)
  await begun
  await rounds[Symbol.asyncDispose]()
  expect(seen).toEqual(['periodic work still runs 1 ms after the server was stopped'])
})

test('a stop before the first round is at once', async () => {
  const { seen, rounds } = startRound()
  await rounds[Symbol.asyncDispose]()
  expect(seen).toEqual([])
})

test('a round that fails is reported, and the next one comes', async () => {
  const errors: string[] = []
  const third = Promise.withResolvers<void>()
  let count = 0
  await using _ = startPeriodic({
    pauseMs: 1,
    run: async () => {
      count += 1
      if (count === 3) third.resolve()
      throw new Error(`round ${count}`)
    },
    onError: (error) => void errors.push((error as Error).message),
  })
  await third.promise
  expect(errors.slice(0, 2)).toEqual(['round 1', 'round 2'])
})
