import { expect, test } from 'bun:test'
import { Heartbeat } from './heartbeat.ts'

function startHeart(limitMs = 3_000) {
  const seen: string[] = []
  const heart = new Heartbeat({
    intervalMs: 1_000,
    limitMs: () => limitMs,
    ping: () => void seen.push('ping'),
    onHung: () => void seen.push('hung'),
  })
  const tick = (times: number) => {
    for (let i = 0; i < times; i++) heart.tick()
  }
  return { heart, seen, tick }
}

test('a process that does not answer within the limit hangs, which is reported once', () => {
  const { heart, seen, tick } = startHeart()
  tick(3)
  expect(seen).toEqual(['ping'])
  expect(heart.isHung).toBe(false)
  tick(5)
  expect(seen).toEqual(['ping', 'hung'])
  expect(heart.isHung).toBe(true)
})

test('a late answer is good, and the next ping has the whole time', () => {
  const { heart, seen, tick } = startHeart()
  tick(3)
  heart.answered()
  tick(3)
  expect(seen).toEqual(['ping', 'ping'])
})

test('a process that answers again can hang again', () => {
  const { heart, seen, tick } = startHeart()
  tick(4)
  heart.answered()
  expect(heart.isHung).toBe(false)
  tick(4)
  expect(seen).toEqual(['ping', 'hung', 'ping', 'hung'])
})

test('without a limit no process hangs', () => {
  const { seen, tick } = startHeart(Number.POSITIVE_INFINITY)
  tick(100_000)
  expect(seen).toEqual(['ping'])
})
