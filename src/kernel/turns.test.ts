import { expect, test } from 'bun:test'
import { Turns } from './turns.ts'

test('one search continues in each round of the event loop, and collections alternate', async () => {
  const turns = new Turns()
  const order: string[] = []
  let round = 0
  const rounds: number[] = []
  const count = () => {
    round += 1
    if (order.length < 5) setImmediate(count)
  }
  setImmediate(count)
  const search = async (collection: string, name: string) => {
    await turns.take(collection)
    order.push(name)
    rounds.push(round)
  }
  await Promise.all([
    search('a', 'a1'),
    search('a', 'a2'),
    search('a', 'a3'),
    search('b', 'b1'),
    search('c', 'c1'),
  ])
  expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'a3'])
  expect(new Set(rounds).size).toBe(5)
})

test('a search that takes its turn again waits for the others', async () => {
  const turns = new Turns()
  const order: string[] = []
  const search = async (name: string) => {
    for (const at of [1, 2, 3]) {
      await turns.take(name)
      order.push(name + at)
    }
  }
  await Promise.all([search('a'), search('b')])
  expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3'])
})
